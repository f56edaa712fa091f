using System.Text;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Assets;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Stores;

/// <summary>What every store promises to the API above it. Each store runs all of this, against its real self.</summary>
public abstract class FootfallStoreContract : IAsyncLifetime
{
    /// <summary>2026-03-02 08:00 UTC: within the retention of the store under test.</summary>
    protected static readonly long Start = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private protected abstract IFootfallStore Store { get; }

    private protected abstract IDeviceStore Devices { get; }

    private protected abstract IAssetStore Assets { get; }

    private protected abstract IHealthStore Health { get; }

    /// <summary>Writes lines as a gateway does, timestamps in s.</summary>
    protected abstract Task WriteAsync(params string[] lines);

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task A_window_comes_back_as_it_was_written()
    {
        var window = Lines.Window("ln-1", Resolution.Minute, Start, entries: 7, exits: 2, WindowStatus.Partial, revision: 41, generation: 3,
            unplacedEntries: 5, unplacedExits: 1, expected: 6, received: 4);
        await WriteAsync(Lines.Of(window));
        Assert.Equal([window], await ReadAsync(Resolution.Minute, Start, Start + 60));
    }

    [Fact]
    public async Task An_expectation_that_nobody_knows_is_null_and_not_zero()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 1)));
        Assert.Null(Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60)).Counts.Expected);
    }

    [Fact]
    public async Task A_window_nobody_wrote_does_not_come() =>
        Assert.Empty(await ReadAsync(Resolution.Minute, Start, Start + 86_400));

    [Fact]
    public async Task The_start_of_a_span_belongs_to_it_and_its_end_does_not()
    {
        await WriteAsync([.. Enumerable.Range(0, 4).Select(i => Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start + (i * 60), entries: i)))]);
        Assert.Equal([1L, 2L], (await ReadAsync(Resolution.Minute, Start + 60, Start + 180)).Select(window => window.Counts.Entries).Order());
    }

    [Fact]
    public async Task Resolutions_are_kept_apart()
    {
        await WriteAsync([.. Resolutions.All.Select(resolution => Lines.Of(Lines.Window("ln-1", resolution, Start, entries: resolution.Seconds())))]);
        foreach (var resolution in Resolutions.All)
            Assert.Equal(resolution.Seconds(), Assert.Single(await ReadAsync(resolution, Start, Start + 3600)).Counts.Entries);
    }

    [Fact]
    public async Task A_newer_revision_takes_the_place_of_an_older_one_as_a_whole()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 9, exits: 9, revision: 1)));
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 2, exits: 0, WindowStatus.Repaired, revision: 2)));
        var window = Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60));
        Assert.Equal((2, 0, WindowStatus.Repaired, 2), (window.Counts.Entries, window.Counts.Exits, window.Status, window.Revision.Counter));
    }

    [Fact]
    public async Task A_withdrawn_window_comes_as_void_so_that_its_revision_still_counts()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 9, revision: 1)));
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, 0, 0, WindowStatus.Void, revision: 2)));
        Assert.Equal(WindowStatus.Void, Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60)).Status);
    }

    [Fact]
    public async Task Every_line_of_a_long_span_comes_once()
    {
        var written = (from line in (string[])["ln-1", "ln-2", "ln-3"]
                       from minute in Enumerable.Range(0, 2_400)
                       select Lines.Window(line, Resolution.Minute, Start + (minute * 60L), entries: minute)).ToArray();
        await WriteAsync([.. written.Select(window => Lines.Of(window))]);
        var read = await ReadAsync(Resolution.Minute, Start, Start + (2_400 * 60L));
        Assert.Equal(written.OrderBy(w => w.Line).ThenBy(w => w.Start), read.OrderBy(w => w.Line).ThenBy(w => w.Start));
    }

    [Fact]
    public async Task A_device_was_last_seen_at_the_newest_time_of_any_minute()
    {
        await WriteAsync(
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen={(Start + 3) * 1000}i,readings=4i {Start}",
            $"device_health,district=harbour,gateway=gw-1,device=cam-2 last_seen={(Start + 5) * 1000}i,readings=4i {Start}",
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen={(Start + 63) * 1000}i,readings=4i {Start + 60}");
        var sightings = await Store.ReadSightingsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [new DeviceSighting("cam-1", (Start + 63) * 1000), new DeviceSighting("cam-2", (Start + 5) * 1000)],
            sightings.OrderBy(sighting => sighting.Device));
    }

    [Fact]
    public async Task What_a_device_told_of_itself_is_of_its_newest_minute_revised_and_what_it_did_not_tell_is_absent()
    {
        const string Told = "battery=86.5,battery_at=1i,firmware=\"v1.10 β\",firmware_since=2i,tells=\"battery,firmware\"";
        await WriteAsync(
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen=1i,readings=4i,sensor=\"ok\",battery=100,battery_at=1i {Start}",
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen=1i,readings=4i,sensor=\"ok\",battery=99,battery_at=1i {Start + 60}",
            $"device_health,district=harbour,gateway=gw-1,device=cam-2 last_seen=1i,readings=4i,tells=\"\" {Start}");
        await WriteAsync($"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen=1i,readings=4i,sensor=\"ok\",{Told} {Start + 60}");
        var reports = (await Health.ReadDeviceHealthAsync(TestContext.Current.CancellationToken)).ToDictionary(report => report.Id);
        var first = reports["cam-1"];
        Assert.Equal((86.5, 1, "v1.10 β", 2, "battery,firmware"), (first.Number("battery"), first.Number("battery_at"), first.Text("firmware"), first.Number("firmware_since"), first.Text("tells")));
        Assert.Equal(("", (double?)null, (string?)null), (reports["cam-2"].Text("tells"), reports["cam-2"].Number("battery"), reports["cam-2"].Text("firmware")));
    }

    [Theory]
    [InlineData(DigestOf.Revisions, 12, 1, WindowStatus.Complete)]
    [InlineData(DigestOf.Revisions, 12, 1, WindowStatus.Void)]
    [InlineData(DigestOf.Generations, 1, 2, WindowStatus.Provisional)]
    [InlineData(DigestOf.Provisional, 10, 1, WindowStatus.Complete)]
    internal async Task The_digest_of_a_span_tells_that_a_window_in_it_was_written(DigestOf what, long revision, long generation, WindowStatus status)
    {
        var before = Lines.Window("ln-1", Resolution.QuarterHour, Start, 5, 5, WindowStatus.Provisional, revision: 10);
        await WriteAsync(Lines.Of(before), Lines.Of(Lines.Window("ln-2", Resolution.QuarterHour, Start + 900, 1, revision: 3)));
        Span[] spans = [.. from resolution in Resolutions.All from day in (long[])[-86_400, 0, 86_400] select new Span(resolution, Start + day, Start + day + 86_400)];
        var first = await DigestAsync(what, spans);
        Assert.Equal(first, await DigestAsync(what, spans));
        await WriteAsync(Lines.Of(before with { Status = status, Revision = new(generation, revision) }));
        var second = await DigestAsync(what, spans);
        Assert.Equal([new(Resolution.QuarterHour, Start, Start + 86_400)], spans.Where((_, i) => first[i] != second[i]));
    }

    [Fact]
    public async Task The_digest_of_many_spans_comes_in_their_order()
    {
        Span[] hours = [.. Enumerable.Range(0, 60).Select(hour => new Span(Resolution.Hour, Start + (hour * 3600), Start + ((hour + 1) * 3600)))];
        var before = await DigestAsync(DigestOf.Revisions, hours);
        await WriteAsync([.. ((int[])[3, 24, 25, 59]).Select(hour => Lines.Of(Lines.Window("ln-1", Resolution.Hour, hours[hour].From, 1)))]);
        var after = await DigestAsync(DigestOf.Revisions, hours);
        Assert.Equal([3, 24, 25, 59], Enumerable.Range(0, hours.Length).Where(i => before[i] != after[i]));
    }

    [Fact]
    public async Task The_ledger_of_a_device_comes_by_quarter_and_summed()
    {
        const string told = "refused=1i,forwarded=9i,acknowledged=8i,rejected=0i,dropped=0i";
        await WriteAsync(
            $"completeness_15m,district=harbour,device=cam-1 expected=10i,received=9i,{told} {Start}",
            $"completeness_15m,district=harbour,device=cam-1 received=9i,{told} {Start + 1800}",
            $"completeness_15m,district=harbour,device=cam-2 received=3i,{told} {Start + 900}",
            $"completeness_15m,district=harbour,device=cam-1 expected=99i,received=99i,{told} {Start + 3600}");
        await WriteAsync($"completeness_15m,district=harbour,device=cam-1 expected=10i,received=10i,{told} {Start}");
        Assert.Equal(
            [new("cam-1", Start, 1, 10, 10, 1, 9, 8, 0, 0), new("cam-1", Start + 1800, 1, null, 9, 1, 9, 8, 0, 0)],
            await Devices.ReadLedgerAsync("cam-1", Start, Start + 3600, TestContext.Current.CancellationToken));
        Assert.Equal(
            [new("cam-1", Start, 2, 10, 19, 2, 18, 16, 0, 0), new("cam-2", Start, 1, null, 3, 1, 9, 8, 0, 0)],
            (await Devices.ReadLedgerSumsAsync(Start, Start + 3600, TestContext.Current.CancellationToken)).OrderBy(sum => sum.Device));
    }

    [Fact]
    public async Task What_a_chip_measured_comes_as_its_newest_reading_and_by_quarter()
    {
        await WriteAsync(
            $"environment,district=harbour,device=cam-1 temperature_celsius=20.0,humidity_percent=40.5 {Start}",
            $"environment,district=harbour,device=cam-1 temperature_celsius=21.0 {Start + 10}",
            $"environment,district=harbour,device=cam-1 temperature_celsius=23.0 {Start + 1800}");
        Assert.Equal(
            [new(Start, "humidity_percent", 40.5), new(Start, "temperature_celsius", 20.5), new(Start + 1800, "temperature_celsius", 23)],
            (await Devices.ReadEnvironmentAsync("cam-1", Start, Start + 3600, TestContext.Current.CancellationToken)).OrderBy(mean => (mean.Start, mean.Quantity)));
        Assert.Empty(await Devices.ReadEnvironmentAsync("cam-2", Start, Start + 3600, TestContext.Current.CancellationToken));
        var newest = await Devices.ReadNewestEnvironmentAsync("cam-1", TestContext.Current.CancellationToken);
        Assert.Equal(((Start + 1800) * 1000, 23), (newest!.Value.At, newest.Value.Number("temperature_celsius")));
        Assert.Null(await Devices.ReadNewestEnvironmentAsync("cam-2", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_lockers_kiosks_and_carts_the_newest_points_come_with_all_that_they_say()
    {
        LockerPoint[] compartments = [new("lk-1", 1, Start, CompartmentState.OutOfService, false, (Start - 60) * 1000), new("lk-1", 2, Start, CompartmentState.Forced, null, null)];
        var kiosk = new KioskPoint("ks-1", Start, PaperState.Low, PartState.Ok, null);
        CartPose[] carts =
        [
            new("cart-1", Start, 121.4905, 31.2315, 1, (Start * 1000) - 250, 271.5, 1.25, 80.5, false, true, CartMode.TeachIn, EmergencyStop.Auto, CartConnection.Online),
            new("cart-1", Start + 1, null, null, 0, null, null, null, null, null, null, null, null, CartConnection.ConnectionBroken),
        ];
        await WriteAsync(Written(writer =>
        {
            new LockerPoint("lk-1", 2, Start - 60, CompartmentState.Free, true, null).Write(writer, "harbour");
            foreach (var compartment in compartments)
                compartment.Write(writer, "harbour");
            kiosk.Write(writer, "harbour");
            carts[0].Write(writer, "harbour");
        }));
        var newest = await Assets.ReadNewestAsync(Start - 3600, TestContext.Current.CancellationToken);
        Assert.Equal(compartments, newest.Compartments.OrderBy(point => point.Compartment));
        Assert.Equal(kiosk, Assert.Single(newest.Kiosks));
        Assert.Equal(carts[0], Assert.Single(newest.Carts));

        await WriteAsync(Written(writer => carts[1].Write(writer, "harbour")));
        newest = await Assets.ReadNewestAsync(Start + 1, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, carts[1]), (newest.Compartments.Count, newest.Kiosks.Count, Assert.Single(newest.Carts)));
        Assert.Equal(carts[..1], await Assets.ReadTrackAsync("cart-1", Start - 5, Start + 1, TestContext.Current.CancellationToken));
        Assert.Equal(carts, await Assets.ReadTrackAsync("cart-1", Start, Start + 2, TestContext.Current.CancellationToken));
        Assert.Empty(await Assets.ReadTrackAsync("cart-2", Start, Start + 2, TestContext.Current.CancellationToken));
    }

    private static string[] Written(Action<LineWriter> write)
    {
        var writer = new LineWriter();
        write(writer);
        return Encoding.UTF8.GetString(writer.Written).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans) =>
        await Store.DigestAsync(what, spans, TestContext.Current.CancellationToken);

    private protected async Task<List<LineWindow>> ReadAsync(Resolution resolution, long from, long to) =>
        await Store.ReadAsync(resolution, from, to, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
