using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Influx;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using InfluxOptions = SmartDistrict.Cloud.Influx.InfluxOptions;

namespace SmartDistrict.Cloud.Tests.Stores;

/// <summary>What InfluxDB 1.6.7 cannot be made to answer here, from a server that answers as told.</summary>
public sealed class AnInfluxAnswer
{
    private const string Series =
        """{"name":"footfall_1m","tags":{"line":"ln-1"},"columns":["time","entries","exits","ambiguous","unplaced_entries","unplaced_exits","expected","received","generation","revision","status"],"values":[[TIME,1,0,0,0,0,null,1,1,1,"complete"]]}""";

    [Fact]
    public async Task In_chunks_is_read_to_its_end()
    {
        var chunks = Enumerable.Range(0, 3).Select(i => $$"""{"results":[{"statement_id":0,"series":[{{Series.Replace("TIME", $"{i * 60}", StringComparison.Ordinal)}}],"partial":true}]}""" + "\n");
        await using var server = await StartAsync(context => context.Response.WriteAsync(string.Concat(chunks)));
        Assert.Equal([0L, 60L, 120L], (await ReadAsync(server)).Select(window => window.Start));
    }

    [Fact]
    public async Task Is_asked_for_with_the_token_of_2_x_and_3_x()
    {
        var (authorization, query) = ("", "");
        await using var server = await StartAsync(context =>
        {
            (authorization, query) = (context.Request.Headers.Authorization.ToString(), context.Request.Query["q"].ToString());
            return context.Response.WriteAsync("""{"results":[{"statement_id":0}]}""");
        });
        Assert.Empty(await ReadAsync(server, token: "t0ken"));
        Assert.Equal("Token t0ken", authorization);
        Assert.EndsWith("WHERE \"district\" = 'harbour' AND time >= 0s AND time < 600s GROUP BY \"line\"", query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>a portal</html>", "influx-answer")]
    [InlineData(200, """{"hello":"world"}""", "influx-answer")]
    [InlineData(200, """{"results":[{"statement_id":0,"series":[{"na""", "influx-answer")]
    [InlineData(200, """{"results":[{"statement_id":0,"error":"timeout"}]}""", "influx-failed")]
    [InlineData(200, """{"error":"database not found: x"}""", "influx-not-found")]
    [InlineData(401, """{"code":"unauthorized"}""", "influx-unauthorized")]
    [InlineData(403, "", "influx-unauthorized")]
    [InlineData(404, """{"code":"not found","message":"no dbrp mapping found"}""", "influx-not-found")]
    [InlineData(503, "", "influx-failed")]
    public async Task That_is_none_says_what_to_look_at(int status, string body, string code)
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(server));
        Assert.Equal(code, e.Code);
        Assert.Contains(server.Urls.Single(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_does_not_come_is_given_up()
    {
        var asked = new TaskCompletionSource();
        await using var server = await StartAsync(async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var clock = new ManualTimeProvider();
        var reading = ReadAsync(server, clock: clock);
        await asked.Task;
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("influx-timeout", (await Assert.ThrowsAsync<StoreUnavailableException>(() => reading)).Code);
    }

    private static async Task<List<LineWindow>> ReadAsync(WebApplication server, string? token = null, ManualTimeProvider? clock = null)
    {
        using var store = new InfluxStore(
            Options.Create(new InfluxOptions { Url = server.Urls.Single(), Database = "district", Token = token }), TestDistrict.Load(), clock ?? new());
        return await store.ReadAsync(Resolution.Minute, 0, 600, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
