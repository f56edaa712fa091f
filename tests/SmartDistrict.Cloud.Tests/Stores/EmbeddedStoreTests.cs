using System.Text;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Embedded;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Stores;

public sealed class TheEmbeddedStore : FootfallStoreContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("cloud-store-").FullName;
    private static readonly District District = TestDistrict.Load(TestDistrict.WithAssets);
    private readonly PointReader points = new(new Topology(District), new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Start)));
    private EmbeddedStore store = null!;

    private protected override IFootfallStore Store => store;

    private protected override IDeviceStore Devices => new EmbeddedDevices(store, District);

    private protected override IAssetStore Assets => new EmbeddedAssets(store, District);

    private protected override IHealthStore Health => new EmbeddedHealth(store, TestDistrict.Load());

    public override ValueTask InitializeAsync()
    {
        store = Open();
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_older_revision_never_takes_the_place_of_a_newer_one()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 5, revision: 7)));
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 4, revision: 6)));
        Assert.Equal(5, Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60)).Counts.Entries);
    }

    [Fact]
    public async Task A_gateway_that_was_set_up_again_counts_above_its_predecessor()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 5, revision: 900, generation: 1)));
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 6, revision: 2, generation: 2)));
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 7, revision: 901, generation: 1)));
        Assert.Equal(6, Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60)).Counts.Entries);
    }

    [Fact]
    public async Task Closing_a_window_without_a_new_revision_holds_and_is_not_undone()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 5, status: WindowStatus.Provisional, revision: 7)));
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 5, status: WindowStatus.Complete, revision: 7)));
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 5, status: WindowStatus.Provisional, revision: 7)));
        Assert.Equal(WindowStatus.Complete, Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60)).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_the_order_of_writes_the_highest_revision_stays(int seed)
    {
        var random = new Random(seed);
        var newest = new Dictionary<(string, long), LineWindow>();
        for (var i = 0; i < 400; i++)
        {
            var window = Lines.Window(
                $"ln-{random.Next(1, 4)}", Resolution.Minute, Start + (random.Next(5) * 60), entries: i,
                revision: random.Next(1_000_000), generation: random.Next(1, 3));
            await WriteAsync(Lines.Of(window));
            if (!newest.TryGetValue((window.Line, window.Start), out var held) || window.Revision > held.Revision)
                newest[(window.Line, window.Start)] = window;
            if (i % 100 == 0)
                Reopen();
        }
        Assert.Equal(newest.Values.OrderBy(w => (w.Line, w.Start)), (await ReadAsync(Resolution.Minute, Start, Start + 600)).OrderBy(w => (w.Line, w.Start)));
    }

    [Fact]
    public async Task What_was_accepted_is_there_after_the_file_is_opened_again()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start, entries: 5)));
        Reopen();
        Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60));
    }

    [Fact]
    public async Task Minutes_and_health_expire_and_roll_ups_stay()
    {
        await WriteAsync(
            [.. Resolutions.All.Select(resolution => Lines.Of(Lines.Window("ln-1", resolution, Start, entries: 1))),
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen=1i {Start}"]);
        Assert.False(store.DeleteExpired(Start));
        Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60));
        Assert.False(store.DeleteExpired(Start + 1));
        Assert.Empty(await ReadAsync(Resolution.Minute, Start, Start + 60));
        Assert.Single(await ReadAsync(Resolution.QuarterHour, Start, Start + 60));
        Assert.Single(await ReadAsync(Resolution.Hour, Start, Start + 60));
    }

    protected override Task WriteAsync(params string[] lines)
    {
        var batch = points.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), TimePrecision.Seconds, "gw-1");
        Assert.Empty(batch.Refused);
        store.Write(batch.Windows, batch.Health);
        return Task.CompletedTask;
    }

    private EmbeddedStore Open() => new(Path.Combine(folder, "points.db"));

    private void Reopen()
    {
        store.Dispose();
        store = Open();
    }
}
