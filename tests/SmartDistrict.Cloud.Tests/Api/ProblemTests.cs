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

    [Theory]
    [InlineData("GET", "/people?limit=many", null, "limit (many) is not a whole number that can be: /openapi/v1.json says what this path takes", "bad-request")]
    [InlineData("GET", "/audit?before=99999999999999999999", null, "before (99999999999999999999) is not a whole number", "bad-request")]
    [InlineData("GET", "/alarms?muted=perhaps", null, "muted (perhaps) is not true or false", "bad-request")]
    [InlineData("POST", "/people", "", "The body is missing", "bad-request")]
    [InlineData("POST", "/people", "{\"name\":", "The body is not the JSON that this path takes (at $.name, line 1, byte 9)", "bad-request")]
    [InlineData("POST", "/people", "{\"name\":\"li\",\"role\":\"owner\"}", "The body is not the JSON that this path takes (at $.role, line 1, byte ", "bad-request")]
    [InlineData("POST", "/people", "[]", "The body is not the JSON that this path takes", "bad-request")]
    [InlineData("POST", "/lines/ln-1/manual-counts", "{\"from\":0,\"to\":900,\"entries\":9223372036854775807}", "entries is a number from 0 to 1000000", "invalid")]
    public async Task Of_what_cannot_be_read_says_where_and_speaks_of_the_request_not_of_the_program(string method, string path, string? body, string detail, string code)
    {
        await using var app = new CloudApp();
        using var request = new HttpRequestMessage(new(method), "/api/v1" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await app.Administrator().SendAsync(request, TestContext.Current.CancellationToken);
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("gb18030")]
    [InlineData("nonsense")]
    public async Task Of_JSON_in_another_encoding_is_a_problem(string charset)
    {
        await using var app = new CloudApp();
        var content = new StringContent("{}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        using var response = await app.Administrator().PostToAsync("/api/v1/people", content);
        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData("/api/v1/footfall/total?zone={0}")]
    [InlineData("/api/v1/devices/{0}")]
    [InlineData("/api/v1/zones?{0}=1")]
    public async Task Of_a_value_longer_than_any_can_be_does_not_repeat_it(string path)
    {
        await using var app = new CloudApp();
        using var response = await app.Viewer().GetFromAsync(string.Format(null, path, new string('a', 501)));
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "value-too-long");
        Assert.InRange(problem.GetProperty("detail").GetString()!.Length, 1, 150);
    }

    [Fact]
    public async Task Of_a_body_that_is_too_large_comes_before_it_is_sent()
    {
        await using var app = new CloudApp();
        app.UseKestrel(0);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/people") { Content = new ByteArrayContent(new byte[50_000_000]) { Headers = { ContentType = new("application/json") } } };
        request.Headers.ExpectContinue = true;
        request.Headers.Authorization = new("Bearer", "administrator");
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30) };
        using var client = new HttpClient(handler) { BaseAddress = app.CreateClient().BaseAddress };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
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
