using System.Net;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Influx;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using InfluxOptions = SmartDistrict.Cloud.Influx.InfluxOptions;

namespace SmartDistrict.Cloud.Tests.Stores;

/// <summary>One real InfluxDB for all tests of the store; each test has a database of its own.</summary>
public sealed class InfluxFixture : IAsyncLifetime
{
    public InfluxServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await InfluxServer.StartNewAsync(new SmartDistrict.Testing.InfluxOptions { Authentication = true });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class TheInfluxStore(InfluxFixture influx) : FootfallStoreContract, IClassFixture<InfluxFixture>
{
    private readonly string database = "d" + Guid.NewGuid().ToString("N");
    private InfluxStore store = null!;

    private protected override IFootfallStore Store => store;

    private protected override IDeviceStore Devices => store;

    private protected override IAssetStore Assets => new InfluxAssets(store, TestDistrict.Load(TestDistrict.WithAssets));

    private protected override IHealthStore Health => store;

    public override async ValueTask InitializeAsync()
    {
        await influx.Server.CreateDatabaseAsync(database);
        store = Open(influx.Server.Url.ToString(), database);
    }

    public override async ValueTask DisposeAsync()
    {
        store.Dispose();
        await influx.Server.DropDatabaseAsync(database);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_said_although_the_answer_is_200() =>
        await UnavailableAsync(Open(influx.Server.Url.ToString(), "nowhere"), "influx-not-found", "has no database nowhere");

    [Fact]
    public async Task A_wrong_password_is_said() =>
        await UnavailableAsync(Open(influx.Server.Url.ToString(), database, password: "wrong"), "influx-unauthorized", "User and Password");

    [Fact]
    public async Task A_server_that_is_not_there_is_said() =>
        await UnavailableAsync(Open($"http://127.0.0.1:{MosquittoBroker.FreePort()}", database), "influx-unreachable", "start it, or mend Cloud:Influx:Url");

    [Fact]
    public async Task A_point_that_no_gateway_wrote_is_passed_over()
    {
        await WriteAsync($"footfall_1m,district=harbour,line=ln-1 entries=3i {Start}", Lines.Of(Lines.Window("ln-2", Resolution.Minute, Start)));
        Assert.Equal("ln-2", Assert.Single(await ReadAsync(Resolution.Minute, Start, Start + 60)).Line);
    }

    [Fact]
    public async Task What_is_no_locker_kiosk_or_cart_of_ours_is_passed_over()
    {
        await WriteAsync(
            $"locker,compartment=1,district=harbour,locker=lk-1 state=\"ajar\" {Start}",
            $"locker,compartment=5,district=harbour,locker=lk-1 state=\"free\" {Start}",
            $"locker,compartment=1,district=harbour,locker=lk-9 state=\"free\" {Start}",
            $"locker,compartment=1,district=elsewhere,locker=lk-1 state=\"free\" {Start}",
            $"kiosk,district=harbour,kiosk=ks-9 heartbeat=t {Start}",
            $"cart_pose,cart=cart-1,district=harbour connection=\"online\",x=999.0,y=31.0 {Start}",
            $"cart_pose,cart=cart-2,district=harbour connection=\"online\",x=121.0 {Start}");
        var newest = await Assets.ReadNewestAsync(Start, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 0), (newest.Compartments.Count, newest.Kiosks.Count, newest.Carts.Count));
    }

    [Fact]
    public async Task Other_districts_of_the_database_are_not_ours()
    {
        await WriteAsync(Lines.Of(Lines.Window("ln-1", Resolution.Minute, Start)).Replace("district=harbour", "district=elsewhere", StringComparison.Ordinal));
        Assert.Empty(await ReadAsync(Resolution.Minute, Start, Start + 60));
    }

    protected override async Task WriteAsync(params string[] lines)
    {
        var (status, answer) = await influx.Server.WriteAsync(string.Join('\n', lines), database);
        Assert.True(status == HttpStatusCode.NoContent, answer);
    }

    private static InfluxStore Open(string url, string database, string password = InfluxServer.AdminPassword) => new(
        Options.Create(new InfluxOptions { Url = url, Database = database, User = InfluxServer.AdminUser, Password = password }),
        TestDistrict.Load(), new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Start)));

    private static async Task UnavailableAsync(InfluxStore store, string code, string words)
    {
        using (store)
        {
            var e = await Assert.ThrowsAsync<StoreUnavailableException>(
                async () => await store.ReadAsync(Resolution.Minute, Start, Start + 60, TestContext.Current.CancellationToken).ToListAsync());
            Assert.Equal(code, e.Code);
            Assert.Contains(words, e.Message, StringComparison.Ordinal);
        }
    }
}
