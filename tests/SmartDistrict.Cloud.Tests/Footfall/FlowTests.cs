using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Footfall;

public sealed class AFlow
{
    private static readonly long Noon = new DateTimeOffset(2026, 3, 2, 4, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public async Task Goes_from_zone_to_zone_in_both_directions_of_a_line()
    {
        var flows = await FlowsAsync(Noon, Noon + 60, Lines.Window("ln-3", Resolution.Minute, Noon, entries: 7, exits: 2, unplacedEntries: 1));
        Assert.Equal(new Flow("plaza", "hall", 7, 1, Trust.Complete), flows.Single(flow => flow is { From: "plaza", To: "hall" }));
        Assert.Equal(new Flow("hall", "plaza", 2, 0, Trust.Complete), flows.Single(flow => flow is { From: "hall", To: "plaza" }));
    }

    [Fact]
    public async Task Without_data_has_no_number()
    {
        var flows = await FlowsAsync(Noon, Noon + 60);
        Assert.All(flows, flow => Assert.Equal((null, null, Trust.None), (flow.Count, flow.Unplaced, flow.Status)));
        Assert.Equal(6, flows.Count);
    }

    [Fact]
    public async Task Follows_the_topology_as_it_was_on_either_side_of_a_move()
    {
        // Line 4 moves from the plaza to the hall at midnight of 1 March in Shanghai.
        var midnight = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeSeconds();
        var flows = await FlowsAsync(midnight - 3600, midnight + 3600,
            Lines.Window("ln-4", Resolution.Hour, midnight - 3600, entries: 5), Lines.Window("ln-4", Resolution.Hour, midnight, entries: 6));
        Assert.Equal((5, 6), (
            flows.Single(flow => flow is { From: "outside", To: "plaza" }).Count,
            flows.Single(flow => flow is { From: "outside", To: "hall" }).Count));
    }

    [Theory]
    [InlineData("00:00", "00:01")]
    [InlineData("00:07", "03:52")]
    [InlineData("00:45", "01:15")]
    [InlineData("01:00", "02:00")]
    [InlineData("23:59", "48:01")]
    public void A_span_is_cut_into_windows_without_gap_or_overlap_and_into_few(string from, string to)
    {
        var (start, end) = (Noon + Seconds(from), Noon + Seconds(to));
        var at = start;
        foreach (var piece in Span.Pieces(start, end))
        {
            Assert.Equal(at, piece.From);
            Assert.Equal((0, 0), (piece.From % piece.Resolution.Seconds(), piece.To % piece.Resolution.Seconds()));
            at = piece.To;
        }
        Assert.Equal(end, at);
        Assert.InRange(Span.Pieces(start, end).Sum(piece => piece.Buckets), 1, 28 + 6 + ((end - start) / 3600));
    }

    private static long Seconds(string text) => text.Split(':') is [var hours, var minutes] ? (long.Parse(hours, null) * 3600) + (long.Parse(minutes, null) * 60) : 0;

    private static async Task<IReadOnlyList<Flow>> FlowsAsync(long from, long to, params LineWindow[] windows) =>
        (await new ListStore(windows).Reader().FlowsAsync(from, to, TestContext.Current.CancellationToken)).Flows;
}
