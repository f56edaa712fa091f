using System.Text.Json;
using SmartDistrict.Edge.Technician;

namespace SmartDistrict.Edge.Tests.Technician;

public sealed class ProfileProposalTests
{
    /// <param name="topic">As published.</param>
    /// <param name="payload">As published.</param>
    /// <param name="pattern">The topic of the draft.</param>
    /// <param name="readings">What the draft reads, separated by semicolons.</param>
    [Theory]
    [InlineData("acme/3F-77/people", """{"when":"2026-03-02T16:00:00+08:00","lanes":[{"no":"A","in":3,"out":1},{"no":"B","in":0,"out":2}]}""",
        "acme/{address}/people", "A increment 2026-03-02T08:00:00Z entries=3 exits=1;B increment 2026-03-02T08:00:00Z entries=0 exits=2")]
    [InlineData("sensors/gate4/data", """{"ts":1772438400250,"boot":"9f3a","seq":17,"entries":1,"exits":0}""",
        "sensors/{address}/data", "1 increment 2026-03-02T08:00:00.250Z entries=1 exits=0")]
    [InlineData("application/1/device/24e124716c127001/event/up", """{"devEUI":"24E124716C127001","time":1772438400000,"line_1_total_in":18,"line_1_total_out":22,"line_1_period_in":19,"line_1_period_out":20,"line_2_total_in":7,"line_2_total_out":9}""",
        "application/1/device/{address}/event/up", "1 counter 2026-03-02T08:00:00Z entries=18 exits=22;2 counter 2026-03-02T08:00:00Z entries=7 exits=9")]
    [InlineData("cam/ACCC8E000001/count", """{"serial":"ACCC8E000001","name":"Gate","timestamp":"20170503112756","in":12,"out":318}""",
        "cam/{address}/count", "1 increment 2017-05-03T11:27:56Z entries=12 exits=318")]
    [InlineData("door/7", """{"time":1772438400,"peopleIn":"4","peopleOut":"2"}""",
        "door/{address}", "1 increment 2026-03-02T08:00:00Z entries=4 exits=2")]
    [InlineData("xovis/PC2SE-10/logics", """{"logics_data":{"package_info":{"version":"5.0","id":4711,"agent_id":1},"sensor_info":{"serial_number":"00:6E:07","name":"Gate","time":"2026-03-02T08:00:01.250Z"},"logics":[{"id":1,"name":"Entrance","records":[{"from":"2026-03-02T07:59:00.000Z","to":"2026-03-02T08:00:00.000Z","counts":[{"id":1,"name":"fw","value":3},{"id":2,"name":"bw","value":1}]}]}]}}""",
        "xovis/{address}/logics", "1 interval 2026-03-02T07:59:00Z..2026-03-02T08:00:00Z entries=3 exits=1")]
    [InlineData("shop/window-2/visitors", """{"visitors":5}""",
        "shop/{address}/visitors", "1 increment 2026-03-02T08:00:00Z entries=5 exits=0")]
    [InlineData("厅/门3/人数", """{"时间":"2026-03-02T16:00:00+08:00","进":3,"出":1}""",
        "厅/{address}/人数", "1 increment 2026-03-02T08:00:00Z entries=3 exits=1")]
    public void A_payload_becomes_a_profile_that_reads_it_and_that_check_finds_sound(string topic, string payload, string pattern, string readings)
    {
        var proposal = ProfileProposal.Of(topic, payload);
        Assert.True(proposal.Problems.Count == 0, $"{string.Join('\n', proposal.Problems)}\n{proposal.Yaml}");
        Assert.Equal(readings.Split(';'), proposal.Readings);
        Assert.Contains($"topic: {pattern}", proposal.Yaml.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(ProfileProposal.Check(proposal.Yaml));
        Assert.Contains("samples:", proposal.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sequence_of_the_device_is_used_to_notice_gaps()
    {
        var proposal = ProfileProposal.Of("a/b1/c", """{"ts":1772438400250,"boot":"9f3a","seq":17,"in":1}""");
        Assert.Contains("sequence: {boot: /boot, number: /seq, use: gaps}", proposal.Yaml, StringComparison.Ordinal);
        Assert.Empty(proposal.Problems);
    }

    [Theory]
    [InlineData("\"battery\":87,\"fw_version\":\"1.4\"", "health: {battery: /battery, battery_unit: percent, firmware: /fw_version}", "health: \"battery=87% firmware=1.4\"")]
    [InlineData("\"batteryVoltage\":3.61", "health: {battery: /batteryVoltage, battery_unit: volts}", "health: \"battery=3.61V\"")]
    [InlineData("\"bat_mv\":3612", "health: {battery: /bat_mv, battery_unit: millivolts}", "health: \"battery=3.612V\"")]
    [InlineData("\"battery\":\"full\"", null, null)]
    public void What_the_payload_tells_of_the_device_itself_is_read_too(string members, string? rule, string? sample)
    {
        var proposal = ProfileProposal.Of("a/b1/c", $$"""{"ts":1772438400250,"in":1,{{members}}}""");
        Assert.Empty(proposal.Problems);
        Assert.Equal(rule is not null, proposal.Yaml.Contains("health:", StringComparison.Ordinal));
        Assert.Contains(rule ?? "readings:", proposal.Yaml, StringComparison.Ordinal);
        Assert.Contains(sample ?? "samples:", proposal.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_count_the_draft_says_what_is_to_be_done()
    {
        var proposal = ProfileProposal.Of("home/lamp1/state", """{"on":true,"brightness":"full"}""");
        Assert.Contains("no count was recognised", proposal.Yaml, StringComparison.Ordinal);
        Assert.NotEmpty(proposal.Problems);
    }

    [Theory]
    [InlineData("not JSON at all")]
    [InlineData("")]
    [InlineData("{\"in\":1")]
    public void What_is_no_JSON_gets_a_reason_and_no_draft(string payload)
    {
        var proposal = ProfileProposal.Of("a/b/c", payload);
        Assert.Equal("", proposal.Yaml);
        Assert.Contains("no JSON", Assert.Single(proposal.Problems), StringComparison.Ordinal);
    }

    /// <summary>Names and values as nobody would choose them: a draft comes out, and it is judged, whatever it is.</summary>
    [Fact]
    public void Hostile_names_and_texts_break_neither_the_draft_nor_the_check()
    {
        string[] names = ["in", "out", "'", "\"", "a/b", "~", "*", "[name=fw]", "", " ", ":", "#", "- x", "\n", "\u0000", "ts", "{address}", "%", "&a", "!tag", "进"];
        object[] values = [1, -1, 0.5, "2026-03-02T08:00:00Z", "1772438400", 1772438400, "'; drop", "\n---\n", "\u2028", new[] { 1, 2 }, new { @in = 1 }, true];
        var chance = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var members = Enumerable.Range(0, chance.Next(1, 6)).Select(_ => (Name: names[chance.Next(names.Length)], Value: values[chance.Next(values.Length)]))
                .DistinctBy(member => member.Name).ToDictionary(member => member.Name, member => member.Value);
            object body = chance.Next(3) == 0 ? new Dictionary<string, object> { [names[chance.Next(names.Length)]] = new[] { members, members } } : members;
            var topic = string.Join('/', Enumerable.Range(0, chance.Next(1, 4)).Select(_ => names[chance.Next(names.Length)].Replace("\u0000", "", StringComparison.Ordinal)));
            var proposal = ProfileProposal.Of(topic, JsonSerializer.Serialize(body));
            Assert.Equal(proposal.Problems, proposal.Yaml.Length == 0 ? proposal.Problems : ProfileProposal.Check(proposal.Yaml));
        }
    }
}
