using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Reports;

/// <summary>Everything that a report says in a language.</summary>
internal sealed class ReportWords
{
    private readonly Dictionary<string, string> words;
    private readonly bool chinese;

    private ReportWords(bool chinese, Dictionary<string, string> words) => (this.chinese, this.words) = (chinese, words);

    public static ReportWords Of(ReportLanguage language) => language == ReportLanguage.En ? English : Chinese;

    public string this[string key] => words[key];

    public string Name(LocalizedName name) => chinese ? name.Zh : name.En;

    public string Status(Trust trust) => words["status." + trust.ToString().ToLowerInvariant()];

    /// <summary>The day of the week, as it stands behind a date.</summary>
    public string Weekday(DateOnly date) => chinese ? $"（周{"日一二三四五六"[(int)date.DayOfWeek]}）" : $" ({date.DayOfWeek.ToString()[..3]})";

    /// <summary>The languages have the same words.</summary>
    internal static IEnumerable<string> Keys(ReportLanguage language) => Of(language).words.Keys;

    private static readonly ReportWords Chinese = new(true, new()
    {
        ["language"] = "zh-CN",
        ["title"] = "客流报表",
        ["areas"] = "各区域",
        ["over-time"] = "随时间变化",
        ["about"] = "说明",
        ["day"] = "日报", ["week"] = "周报", ["month"] = "月报", ["year"] = "年报",
        ["day-name"] = "yyyy'年'M'月'd'日'", ["week-name"] = "{0}年第{1}周", ["month-name"] = "yyyy'年'M'月'", ["year-name"] = "{0}年", ["colon"] = "：", ["comma"] = "、",
        ["id"] = "编号", ["name"] = "名称", ["kind"] = "类别", ["period"] = "时段", ["from"] = "开始", ["to"] = "结束",
        ["kind.district"] = "全商圈", ["kind.group"] = "区域组", ["kind.zone"] = "区域",
        ["visits"] = "到访人次", ["exits"] = "离开人次", ["passers_by"] = "路过人次", ["capture_rate"] = "进店率",
        ["mean_occupancy"] = "平均在场", ["peak_occupancy"] = "最高在场", ["dwell"] = "平均停留（分钟）", ["queue"] = "平均排队（分钟）",
        ["peak_hour"] = "高峰时刻", ["transactions"] = "成交笔数", ["conversion"] = "成交转化率", ["unique_visitors"] = "独立访客",
        ["status"] = "可信度", ["expected"] = "应到读数", ["received"] = "实到读数", ["windows"] = "有数据窗口", ["windows_due"] = "应有窗口", ["revision"] = "修订号",
        ["status.complete"] = "完整", ["status.repaired"] = "已修正", ["status.provisional"] = "暂定", ["status.partial"] = "不完整", ["status.stale"] = "已过时", ["status.none"] = "无数据",
        ["uncertainty"] = "不确定度",
        ["n/a"] = "不适用", ["no data"] = "无数据",
        ["district"] = "商圈", ["time-zone"] = "时区", ["made-at"] = "生成时间", ["provisional_until"] = "暂定至", ["completeness"] = "完整率",
        ["calibration"] = "校准",
        ["as-counted"] = "没有计数线使用校准系数，各数字即设备所计。",
        ["corrected"] = "以下计数线的人数已乘校准系数：{0}。", ["corrected-some"] = "以下计数线的人数已乘校准系数：{0}，另有 {1} 条。",
        ["factor"] = "{0}（进 ×{1:0.00}，出 ×{2:0.00}）",
        ["capture-rate-is"] = "进店率定义",
        ["entries-per-passer-by"] = "到访人次 ÷ 路过人次", ["entries-per-presence"] = "到访人次 ÷（到访人次 + 路过人次）",
        ["small-counts"] = "小数保护",
        ["small-counts-text"] = "小于 {0} 的人数以 * 代替，可由相减推出它们的数也以 * 代替。",
        ["visits-text"] = "到访按边界计数：在区域内部走动不重复计。停留时间按利特尔法则推算（在场人数 × 时间 ÷ 到访人次）。在场人数已按日校正计数偏差。",
        ["unique-text"] = "不适用：光束与计数设备分不清谁是谁。",
        ["sales-text"] = "成交笔数 ÷ 到访人次，只有报来成交数据的区域才有；商圈和区域组不适用，因为同一个人可能在几家店成交。",
        ["page"] = "第 {0} 页，共 {1} 页",
        ["until-final"] = "暂定：{0} 之前，迟到的读数仍可能修改这些数字。",
        ["final"] = "定稿：已过迟到期限，数字不再变化。",
    });

    private static readonly ReportWords English = new(false, new()
    {
        ["language"] = "en",
        ["title"] = "Footfall report",
        ["areas"] = "Areas",
        ["over-time"] = "Over time",
        ["about"] = "About",
        ["day"] = "Day", ["week"] = "Week", ["month"] = "Month", ["year"] = "Year",
        ["day-name"] = "d MMMM yyyy", ["week-name"] = "Week {1} of {0}", ["month-name"] = "MMMM yyyy", ["year-name"] = "{0}", ["colon"] = ": ", ["comma"] = ", ",
        ["id"] = "Id", ["name"] = "Name", ["kind"] = "Kind", ["period"] = "Period", ["from"] = "From", ["to"] = "To",
        ["kind.district"] = "district", ["kind.group"] = "group", ["kind.zone"] = "zone",
        ["visits"] = "Visits", ["exits"] = "Exits", ["passers_by"] = "Passers-by", ["capture_rate"] = "Capture rate",
        ["mean_occupancy"] = "Mean occupancy", ["peak_occupancy"] = "Peak occupancy", ["dwell"] = "Mean dwell (min)", ["queue"] = "Mean queue (min)",
        ["peak_hour"] = "Peak hour", ["transactions"] = "Sales", ["conversion"] = "Conversion", ["unique_visitors"] = "Unique visitors",
        ["status"] = "Trust", ["expected"] = "Readings expected", ["received"] = "Readings received", ["windows"] = "Windows with data", ["windows_due"] = "Windows due", ["revision"] = "Revision",
        ["status.complete"] = "complete", ["status.repaired"] = "repaired", ["status.provisional"] = "provisional", ["status.partial"] = "partial", ["status.stale"] = "stale", ["status.none"] = "no data",
        ["uncertainty"] = "Uncertainty",
        ["n/a"] = "n/a", ["no data"] = "no data",
        ["district"] = "District", ["time-zone"] = "Time zone", ["made-at"] = "Made at", ["provisional_until"] = "Provisional until", ["completeness"] = "Completeness",
        ["calibration"] = "Calibration",
        ["as-counted"] = "No counting line has a calibration factor: the numbers are as counted.",
        ["corrected"] = "What these lines counted is corrected by factors: {0}.", ["corrected-some"] = "What these lines counted is corrected by factors: {0} and {1} more.",
        ["factor"] = "{0} (entries × {1:0.00}, exits × {2:0.00})",
        ["capture-rate-is"] = "Capture rate is",
        ["entries-per-passer-by"] = "visits ÷ passers-by", ["entries-per-presence"] = "visits ÷ (visits + passers-by)",
        ["small-counts"] = "Small counts",
        ["small-counts-text"] = "Counts of people below {0} are shown as *, and so are others from which one could be had by subtraction.",
        ["visits-text"] = "Visits are counted at the boundary: walking within an area counts once. Dwell follows Little's law (people inside × time ÷ visits). Occupancy is corrected for each day's drift.",
        ["unique-text"] = "n/a: beams and counters tell nobody from another.",
        ["sales-text"] = "Sales ÷ visits of zones whose tills tell their sales; n/a of groups and the district, where one visitor may buy in several shops.",
        ["page"] = "Page {0} of {1}",
        ["until-final"] = "Provisional: until {0}, late readings may still change these numbers.",
        ["final"] = "Final: late readings can no longer change these numbers.",
    });
}
