using System.Net;
using System.Text;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class ARefusal
{
    [Fact]
    public async Task Of_an_unknown_path_is_a_problem_and_never_the_console()
    {
        await using var app = new CloudApp();
        using var response = await app.Operator().GetFromAsync("/api/v1/nothing");
        await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Of_a_method_is_a_problem()
    {
        await using var app = new CloudApp();
        using var response = await app.Operator().PostToAsync("/api/v1/zones", new StringContent(""));
        await response.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }

    [Fact]
    public async Task Of_a_media_type_is_a_problem()
    {
        await using var app = new CloudApp();
        using var response = await app.CreateClient().PostToAsync("/api/v1/session", new StringContent("code=x", Encoding.UTF8, "application/x-www-form-urlencoded"));
        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task For_a_fault_of_ours_tells_no_secrets()
    {
        await using var app = new CloudApp();
        await using var broken = app.WithWebHostBuilder(builder => builder.ConfigureTestServices(
            services => services.AddSingleton<IFootfallStore>(new BrokenStore(new InvalidOperationException("the password is 1234")))));
        var client = broken.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "operator");
        using var response = await client.GetFromAsync("/api/v1/devices");
        var problem = await response.ProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("1234", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_want_of_influx_says_why_and_the_service_goes_on()
    {
        var port = MosquittoBroker.FreePort();
        await using var app = new CloudApp(settings: new Dictionary<string, string>
        {
            ["Cloud:Store"] = "influx",
            ["Cloud:Influx:Url"] = $"http://127.0.0.1:{port}",
            ["Cloud:Influx:Database"] = "district",
        });
        var client = app.Operator();
        using var response = await client.GetFromAsync("/api/v1/footfall/zones?from=2026-03-02T07:00:00Z&to=2026-03-02T08:00:00Z&bucket=1m");
        var problem = await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "influx-unreachable");
        Assert.Contains($"127.0.0.1:{port}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("influx", (await client.JsonAsync("/api/v1/district")).GetProperty("store").GetString());
        using var health = await client.GetFromAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        using var write = await app.Gateway().PostToAsync("/api/v2/write", Lines.Body("x y=1i"));
        await write.ProblemAsync(HttpStatusCode.NotFound, "store-not-embedded");
    }

    private sealed class BrokenStore(Exception fault) : IFootfallStore
    {
        public IAsyncEnumerable<LineWindow> ReadAsync(Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation) =>
            AsyncEnumerable.Empty<LineWindow>();

        public Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation) => throw fault;

        public Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation) => throw fault;
    }
}
