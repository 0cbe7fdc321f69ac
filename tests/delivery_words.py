"""How bureaus head their columns and call what stands in them."""

from __future__ import annotations

import delivery_facts as facts

CAMPAIGN = (
    'county = "元氏县"\nstart = 2023-03-01\ndays = 100\nlisting_window = ["2022-03", "2023-02"]\n'
)
UNITS = {"元": 1.0, "万元": 1e4, "千元": 1e3, "百元": 100.0}
WAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "any": {
        "township": ("乡镇", "所在乡镇", "乡镇（街道）", "镇街", "所属乡（镇）", "乡镇名称"),
        "village": ("村名", "行政村", "村（社区）", "村庄名称", "村居", "行 政 村 名 称"),
        "code": ("统计用区划代码", "行政区划代码", "村代码", "代码", "统计用区划代码（12位）"),
    },
    "villages": {
        "population": ("人口", "户籍人口", "总人口（人）", "年末总人口", "人口数"),
        "households": ("户数", "总户数", "农户数", "户数（户）"),
        "party_members": ("党员人数", "党员数", "党员"),
        "listing_score": ("年度考核扣分", "考核扣分", "扣分", "2022年度考核扣分"),
    },
    "list": {
        "type": ("后进类型", "类型", "整顿类型", "后进类别"),
        "problems": ("主要问题", "存在问题"),
    },
    "income": {
        "operating": ("经营收入", "经营性收入", "1.经营收入", "一、经营收入", "集体经营收入"),
        "contracting": ("发包及上交收入", "发包收入", "发包和上交收入", "二、发包及上交收入"),
        "investment": ("投资收益", "投资收入", "三、投资收益"),
        "subsidy": ("补助收入", "上级补助", "财政补助", "补助收入（含转移支付）", "四、补助收入"),
        "other": ("其他收入", "其它收入", "其他", "五、其他收入"),
        "total": ("合计", "收入合计", "总收入", "小计", "收入总计"),
        "period": ("年度", "年份", "统计年度"),
        "part": ("季度", "月份"),
    },
    "measures": {
        "measure": ("具体措施", "整治措施", "措施名称"),
        "department": ("责任单位", "牵头单位"),
        "start_date": ("开始日期", "启动时间"),
        "end_date": ("完成日期", "销号时间", "完成时间"),
        "dose": ("落实程度", "完成率", "进度"),
        "funds": ("投入资金", "投入金额"),
        "completed": ("是否销号", "销号情况", "是否完成"),
    },
    "petitions": {
        "petition_id": ("登记编号", "信访编号", "编号", "工单编号"),
        "date": ("登记日期", "登记时间", "信访日期", "受理时间", "来访日期"),
        "who": ("信访人", "信访人姓名", "姓名", "来访人"),
        "identity": ("身份证号", "证件号码", "身份证号码"),
        "telephone": ("联系电话", "电话", "手机号码"),
        "channel": ("信访形式", "信访方式", "渠道"),
        "level": ("信访去向", "信访层级", "去向"),
        "repeat": ("初访重访", "初重访", "初次重复", "初信初访"),
        "persons": ("人数", "信访人数", "人次", "涉及人数"),
        "category": ("问题类别", "信访类别", "事项类别", "内容分类"),
        "resolved_date": ("办结日期", "办结时间", "答复日期"),
        "satisfied": ("满意度", "是否满意", "群众满意度评价"),
        "pieces": ("件数", "信访件数"),
    },
}
SPOKEN = {
    "channel": {"visit": "来访", "letter": "来信", "online": "网上信访", "phone": "来电"},
    "level": {"village": "到村", "county": "到县", "city": "到市"},
    "repeat": {0: "初访", 1: "重访"},
    "category": {
        "land": "土地纠纷",
        "village_finance": "村级财务",
        "elections": "换届选举",
        "welfare": "低保救助",
    },
    "satisfied": {1: "满意", 0: "不满意", None: None},
    "completed": {1: "是", 0: "否"},
    "department": facts.DEPARTMENTS,
    "measure": facts.MEASURES,
}
