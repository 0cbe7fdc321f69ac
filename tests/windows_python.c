/* Stands for python.exe where batch files are tried under Wine: it writes down how it was called,
   makes the folder that "-m venv" is asked for, and ends as the environment tells it to. */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static int status(const wchar_t *variable) {
    const wchar_t *told = _wgetenv(variable);
    return told ? _wtoi(told) : 0;
}

static int has(int argc, wchar_t **argv, const wchar_t *word) {
    for (int i = 1; i < argc; i++)
        if (!wcscmp(argv[i], word)) return 1;
    return 0;
}

int wmain(int argc, wchar_t **argv) {
    wchar_t self[MAX_PATH], made[MAX_PATH];
    char line[8192];
    GetModuleFileNameW(NULL, self, MAX_PATH);
    FILE *log = _wfopen(_wgetenv(L"STUB_LOG"), L"ab");
    for (int i = 0; i < argc; i++) {
        WideCharToMultiByte(CP_UTF8, 0, i ? argv[i] : self, -1, line, sizeof line, NULL, NULL);
        fprintf(log, "%s%c", line, i + 1 < argc ? '\t' : '\n');
    }
    fclose(log);
    if (has(argc, argv, L"-c")) {
        const wchar_t *wrong = _wgetenv(L"STUB_WRONG"), *name = wcsrchr(self, L'\\') + 1;
        return wrong && wcsstr(wrong, name) ? 1 : 0;
    }
    if (has(argc, argv, L"venv")) {
        CreateDirectoryW(argv[argc - 1], NULL);
        swprintf(made, MAX_PATH, L"%ls\\Scripts", argv[argc - 1]);
        CreateDirectoryW(made, NULL);
        wcscat(made, L"\\python.exe");
        CopyFileW(self, made, FALSE);
        return status(L"STUB_VENV");
    }
    return status(has(argc, argv, L"pip") ? L"STUB_PIP" : L"STUB_RUN");
}
