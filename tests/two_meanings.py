"""Texts that patterns let mean two things, found without writing out the millions they stand for.

The patterns become one automaton whose ends say what was meant; walking through its sets of
states finds every text at which two meanings end.
"""

import re

_TOKEN = re.compile(r"[{},]|[^{},]")


def two_meanings(ways):
    """The shortest texts by the meanings that they have, from pairs of a way and its meaning."""
    net = _Net()
    start = net.closure([net.add(way, meant) for way, meant in ways])
    reached, found = {start: ""}, {}
    todo = [start]
    for states in todo:
        meant = frozenset(net.end[s] for s in states if s in net.end)
        if len(meant) > 1:
            found.setdefault(meant, []).append(reached[states])
        following = {}
        for state in states:
            for character, after in net.step[state].items():
                following.setdefault(character, set()).update(after)
        for character, after in following.items():
            after = net.closure(after)
            if after not in reached:
                reached[after] = reached[states] + character
                todo.append(after)
    return found


class _Net:
    def __init__(self):
        self.step, self.free, self.end = [], [], {}

    def _state(self):
        self.step.append({})
        self.free.append([])
        return len(self.step) - 1

    def add(self, way, meant):
        """The state in which a way begins; it is built from its end."""
        last = self._state()
        self.end[last] = meant
        return self._before(_TOKEN.findall(way), last, within=False)

    def _before(self, tokens, after, within):
        choices, here = [], after
        while tokens:
            token = tokens.pop()
            if token == "{":
                break
            if token == "}":
                here = self._before(tokens, here, within=True)
            elif token == "," and within:
                choices.append(here)
                here = after
            else:
                state = self._state()
                self.step[state][token] = [here]
                here = state
        if not choices:
            return here
        state = self._state()
        self.free[state] = [*choices, here]
        return state

    def closure(self, states):
        todo, seen = list(states), set(states)
        while todo:
            for state in self.free[todo.pop()]:
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        return frozenset(seen)
