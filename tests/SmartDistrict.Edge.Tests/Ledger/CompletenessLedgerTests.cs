using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Edge.Tests.Footfall;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Ledger;

/// <summary>What should have come, came, was forwarded, and reached the store: it adds up to the unit.</summary>
public sealed class CompletenessLedgerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly FoldBench bench = new(("b1", "native"), ("b2", "native"), ("v1", "milesight-vs350"));

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_quarter_that_is_over_says_what_came_what_is_missing_and_what_was_refused_also_of_a_silent_device()
    {
        bench.Native("b1", FoldBench.At("08:00:10"), 0, 1);
        bench.Native("b1", FoldBench.At("08:00:20"), 3, 1);
        bench.Hear("sd/v1/test/beam/b1/reading", "{");
        Pass("08:16:00");
        Assert.Equal(Fields(expected: 4, received: 2, refused: 1, forwarded: 2), bench.Completeness("b1", "08:00:00"));
        Assert.Equal(Fields(expected: null, received: 0, refused: 0, forwarded: 0), bench.Completeness("b2", "08:00:00"));

        bench.Crash();
        bench.Native("b1", FoldBench.At("08:00:15"), 1, 1);
        Pass("08:16:10");
        Assert.Equal(Fields(expected: 4, received: 3, refused: 1, forwarded: 3), bench.Completeness("b1", "08:00:00"));
    }

    [Fact]
    public void A_reading_beyond_the_horizon_is_refused_in_the_quarter_of_its_receipt_and_one_within_it_revises_its_own()
    {
        bench.Native("b1", FoldBench.At("08:00:10") - (8 * 86_400_000L), 0, 1);
        bench.Native("b1", FoldBench.At("04:10:00"), 1, 1);
        Pass("08:16:00");
        Assert.Equal(1, bench.Completeness("b1", "08:00:00")["refused"]);
        Assert.Equal(1, bench.Completeness("b1", "04:00:00")["received"]);
        Assert.Contains("7 days before its receipt", Assert.Single(bench.Letters()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_full_outbox_drops_is_said_to_be_dropped()
    {
        bench.Native("b1", FoldBench.At("08:00:10"), 0, 1);
        bench.Native("b1", FoldBench.At("08:00:11"), 1, 1);
        Pass("08:16:00");
        using (var connection = bench.Connect())
        using (var letters = new DeadLetters(connection))
        using (var sender = new OutboxReader(connection, letters))
            Assert.NotEqual(0, sender.Trim(0, 0, 1));
        Pass("08:16:20");
        Assert.Equal(Fields(expected: 2, received: 2, refused: 0, forwarded: 2, dropped: 2), bench.Completeness("b1", "08:00:00"));
    }

    [Fact]
    public async Task Against_a_real_store_outages_late_data_and_refusals_show_and_every_reading_has_its_place()
    {
        await using var influx = await InfluxServer.StartNewAsync();
        // of the week before last the store holds another type, so that it refuses that week's quarters
        Assert.Equal(System.Net.HttpStatusCode.NoContent,
            (await influx.WriteAsync($"footfall_15m,district=test,line=typed entries=1.5 {(FoldBench.At("08:00:00") - (5 * 86_400_000L)) / 1000}")).Status);
        var sequence = 0;
        for (var minute = 0; minute < 40; minute++)
        {
            bench.Native("b1", bench.Truth.ToUnixTimeMilliseconds(), sequence++, 1);
            bench.Native("b2", bench.Truth.ToUnixTimeMilliseconds(), minute, 1);
            sequence += minute == 20 ? 2 : 0;
            bench.Time.Advance(TimeSpan.FromMinutes(1));
        }
        bench.Hear("sd/v1/test/beam/b2/reading", "no JSON");
        bench.Native("b1", FoldBench.At("08:00:00") - (5 * 86_400_000L), sequence++, 1);
        Pass("09:01:00");
        // the store is away: forwarded, not acknowledged
        Assert.Equal(0, bench.Completeness("b1", "08:00:00")["acknowledged"]);

        await SyncAsync(influx);
        Pass("09:02:00");
        await SyncAsync(influx);
        Assert.Equal((41 + 2, 41, 41, 40, 1), await SumsAsync(influx, "b1"));
        Assert.Equal((40, 40, 40, 40, 0), await SumsAsync(influx, "b2"));
        Assert.Equal(1, await influx.NumberAsync("SELECT sum(refused) FROM completeness_15m"));
        Assert.Contains("field type conflict", bench.Letters()[0].Reason, StringComparison.Ordinal);

        // what was missing comes late, and a further revision of the quarter overwrites it in the store
        bench.Native("b1", FoldBench.At("08:20:30"), 21, 1);
        bench.Native("b1", FoldBench.At("08:20:40"), 22, 1);
        Pass("09:03:00");
        await SyncAsync(influx);
        Pass("09:04:00");
        await SyncAsync(influx);
        Assert.Equal((43, 43, 43, 42, 1), await SumsAsync(influx, "b1"));
        Assert.Equal(bench.Fold.Totals.Readings, await influx.NumberAsync("SELECT sum(received) FROM completeness_15m"));
        Assert.Equal(82, await influx.NumberAsync("SELECT sum(received) FROM footfall_15m WHERE line != 'typed'"));
    }

    /// <summary>Lets it be hh:mm:ss, noticed and stored.</summary>
    private void Pass(string time)
    {
        bench.Be(time);
        bench.Tick();
        bench.Drain();
        bench.Fold.Checkpoint();
    }

    private async Task SyncAsync(InfluxServer influx)
    {
        var options = new SyncOptions { Url = influx.Url.ToString(), Api = SyncApi.V1, Database = influx.Database };
        using var sink = new InfluxSink(options, TimeProvider.System);
        using var service = new SyncService(options, sink, bench.Connect, new SyncSignal(), TimeProvider.System, NullLogger<SyncService>.Instance);
        await service.StartAsync(TestContext.Current.CancellationToken);
        var start = TimeProvider.System.GetTimestamp();
        while (service.Status.Backlog > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"waited in vain: {service.Status}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        await service.StopAsync(CancellationToken.None);
    }

    private static async Task<(long Expected, long Received, long Forwarded, long Acknowledged, long Rejected)> SumsAsync(InfluxServer influx, string device)
    {
        async Task<long> Of(string field) => await influx.NumberAsync($"SELECT sum({field}) FROM completeness_15m WHERE device = '{device}'");
        return (await Of("expected"), await Of("received"), await Of("forwarded"), await Of("acknowledged"), await Of("rejected"));
    }

    private static Dictionary<string, long> Fields(
        long? expected, long received, long refused, long forwarded, long acknowledged = 0, long rejected = 0, long dropped = 0)
    {
        var fields = new Dictionary<string, long>
        {
            ["received"] = received, ["refused"] = refused, ["forwarded"] = forwarded, ["acknowledged"] = acknowledged, ["rejected"] = rejected, ["dropped"] = dropped,
        };
        if (expected is { } known)
            fields.Add("expected", known);
        return fields;
    }
}
