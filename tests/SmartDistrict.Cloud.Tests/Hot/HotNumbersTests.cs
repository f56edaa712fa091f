using System.Net;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Embedded;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Influx;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Stores;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using InfluxOptions = SmartDistrict.Cloud.Influx.InfluxOptions;

namespace SmartDistrict.Cloud.Tests.Hot;

/// <summary>Beside the embedded store, which hears of every write.</summary>
public sealed class HotNumbersOfTheEmbeddedStore : HotNumbersContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("cloud-hot-").FullName;
    private EmbeddedStore store = null!;

    private protected override IFootfallStore Store => store;

    private protected override bool TellsOfWrites => true;

    public override ValueTask InitializeAsync()
    {
        store = new(Path.Combine(folder, "points.db"));
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private protected override Task WriteAsync(HotSite? hot, IReadOnlyList<LineWindow> windows)
    {
        store.Write(windows, []);
        hot?.Feed.Stored("gw-1", windows, []);
        return Task.CompletedTask;
    }
}

/// <summary>Beside a real InfluxDB, which gateways write to without a word to the cloud.</summary>
public sealed class HotNumbersOfInfluxDb(InfluxFixture influx) : HotNumbersContract, IClassFixture<InfluxFixture>
{
    private readonly string database = "d" + Guid.NewGuid().ToString("N");
    private InfluxStore store = null!;

    private protected override IFootfallStore Store => store;

    private protected override bool TellsOfWrites => false;

    public override async ValueTask InitializeAsync()
    {
        await influx.Server.CreateDatabaseAsync(database);
        store = new(
            Options.Create(new InfluxOptions
            {
                Url = influx.Server.Url.ToString(), Database = database, User = InfluxServer.AdminUser, Password = InfluxServer.AdminPassword,
            }),
            TestDistrict.Load(), Clock);
    }

    public override async ValueTask DisposeAsync()
    {
        store.Dispose();
        await influx.Server.DropDatabaseAsync(database);
    }

    private protected override async Task WriteAsync(HotSite? hot, IReadOnlyList<LineWindow> windows)
    {
        var (status, answer) = await influx.Server.WriteAsync(string.Join('\n', windows.Select(window => Lines.Of(window))), database);
        Assert.True(status == HttpStatusCode.NoContent, answer);
    }
}
