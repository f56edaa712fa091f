using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SmartDistrict.Cloud.Embedded;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Embedded;

public sealed class AWrite(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string Path = "/api/v2/write?org=o&bucket=b&precision=s";

    [Theory]
    [InlineData("")]
    [InlineData("# a comment\n\n")]
    public async Task Of_nothing_is_accepted(string body)
    {
        var app = shared.App;
        using var response = await app.Gateway().PostToAsync(Path, Lines.Body(body));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("s", 1L)]
    [InlineData("ms", 1_000L)]
    [InlineData("us", 1_000_000L)]
    [InlineData("ns", 1_000_000_000L)]
    [InlineData("", 1_000_000_000L)]
    public async Task Takes_its_times_in_the_unit_it_names(string precision, long perSecond)
    {
        await using var app = new CloudApp();
        var start = app.Now - 600;
        var line = Lines.Of(Lines.Window("ln-3", Resolution.Minute, start, entries: 3));
        line = line[..(line.LastIndexOf(' ') + 1)] + (start * perSecond);
        using var response = await app.Gateway().PostToAsync($"/api/v2/write?precision={precision}", Lines.Body(line));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("[3]", await EntriesAsync(app, "ln-3", start));
    }

    [Fact]
    public async Task Stores_the_good_lines_and_says_where_the_bad_ones_are()
    {
        await using var app = new CloudApp();
        var start = app.Now - 600;
        using var response = await app.Gateway().PostToAsync(Path, Lines.Body(string.Join('\n',
            Lines.Of(Lines.Window("ln-1", Resolution.Minute, start, entries: 1)),
            "footfall_1m,district=harbour,line=ln-2 entries=",
            "# a comment",
            Lines.Of(Lines.Window("ln-9", Resolution.Minute, start)),
            Lines.Of(Lines.Window("ln-3", Resolution.Minute, start, entries: 3)))));
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "lines-refused");
        Assert.Equal((2, 2), (problem.GetProperty("refused").GetInt32(), problem.GetProperty("stored").GetInt32()));
        Assert.Equal([2, 4], problem.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("line").GetInt32()));
        Assert.Equal(48, problem.GetProperty("lines")[0].GetProperty("column").GetInt32());
        Assert.Contains("ln-9", problem.GetProperty("lines")[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("partial write: 2 of 4 lines refused", response.Headers.GetValues("X-Influxdb-Error").Single(), StringComparison.Ordinal);
        Assert.Equal(("[1]", "[3]"), (await EntriesAsync(app, "ln-1", start), await EntriesAsync(app, "ln-3", start)));
    }

    public static TheoryData<string, string> BadLines => new()
    {
        { "cart_trip,district=harbour x=1 {t}", "does not keep the measurement cart_trip" },
        { "footfall_1m,line=ln-1 {f} {t}", "the tag district is not harbour" },
        { "footfall_1m,district=elsewhere,line=ln-1 {f} {t}", "the tag district is not harbour" },
        { "footfall_1m,district=harbour {f} {t}", "the tag line is missing" },
        { "footfall_1m,district=harbour,line=ln-1 {f}", "needs the start of its window" },
        { "footfall_1m,district=harbour,line=ln-1 {f} 1772438401", "is not the start of a 1m window" },
        { "footfall_15m,district=harbour,line=ln-1 {f} 1772438460", "is not the start of a 15m window" },
        { "footfall_1m,district=harbour,line=ln-1 {f} 1000000020", "beyond retention policy" },
        { "footfall_1m,district=harbour,line=ln-1 {f} 99999999999999", "outside of the years 1677 to 2262" },
        { "footfall_1m,district=harbour,line=ln-1 entries=1i,status=\"complete\" {t}", "the field exits is missing" },
        { "footfall_1m,district=harbour,line=ln-1 entries=1.5,exits=0i,status=\"complete\" {t}", "field type conflict: entries" },
        { "footfall_1m,district=harbour,line=ln-1 entries=-1i,exits=0i,status=\"complete\" {t}", "the field entries is negative" },
        { "footfall_1m,district=harbour,line=ln-1 entries=1i,exits=0i,ambiguous=0i,unplaced_entries=0i,unplaced_exits=0i,received=1i,generation=1i,revision=1i,status=\"fine\" {t}", "status \"fine\"" },
        { "footfall_1m,district=harbour,line=ln-1 entries=1i,exits=0i,ambiguous=0i,unplaced_entries=0i,unplaced_exits=0i,received=1i,generation=1i,revision=1i {t}", "the field status is missing" },
        { "device_health,district=harbour,gateway=gw-1,device=nobody last_seen=1i {t}", "knows no device nobody" },
        { "gateway_health,district=harbour journaled=1i {t}", "the tag gateway is missing" },
        { "environment,district=harbour temperature_celsius=4.125 {t}", "the tag device is missing" },
        { "environment,district=harbour,device=nobody temperature_celsius=4.125 {t}", "knows no device nobody" },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public async Task Refuses_a_bad_line_with_the_reason(string line, string reason)
    {
        var app = shared.App;
        line = line.Replace("{t}", (app.Now - 600).ToString(), StringComparison.Ordinal).Replace("{f}",
            "entries=1i,exits=0i,ambiguous=0i,unplaced_entries=0i,unplaced_exits=0i,received=1i,generation=1i,revision=1i,status=\"complete\"", StringComparison.Ordinal);
        using var response = await app.Gateway().PostToAsync(Path, Lines.Body(line));
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "lines-refused");
        Assert.Contains(reason, problem.GetProperty("lines")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_the_health_of_gateways_and_devices_and_what_sensors_measure()
    {
        await using var app = new CloudApp();
        using var response = await app.Gateway().PostToAsync(Path, Lines.Body(
            $"gateway_health,district=harbour,gateway=gw-1 journaled=5i,clock=\"synchronised\" {app.Now - 60}\n"
            + $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen={app.Now * 1000}i {app.Now - 60}\n"
            + $"environment,district=harbour,device=cam-1 temperature_celsius=4.125,humidity_percent=61 {app.Now - 60}"));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var other = await app.Gateway(CloudApp.Token2).PostToAsync(Path, Lines.Body($"environment,district=harbour,device=cam-1 temperature_celsius=4 {app.Now - 60}"));
        await other.ProblemAsync(HttpStatusCode.Forbidden, "not-this-gateway");
    }

    [Fact]
    public async Task Without_a_known_token_is_refused()
    {
        var app = shared.App;
        using var none = await app.CreateClient().PostToAsync(Path, Lines.Body(""));
        await none.ProblemAsync(HttpStatusCode.Unauthorized, "token-unknown");
        using var unknown = await app.Gateway("guessed").PostToAsync(Path, Lines.Body(""));
        await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "token-unknown");
        using var ofOperator = await app.Operator().PostToAsync(Path, Lines.Body(""));
        await ofOperator.ProblemAsync(HttpStatusCode.Unauthorized, "token-unknown");
    }

    [Fact]
    public async Task Of_another_gateways_lines_is_forbidden_and_not_stored()
    {
        await using var app = new CloudApp();
        var start = app.Now - 600;
        var body = Lines.Of(Lines.Window("ln-1", Resolution.Minute, start, entries: 1));
        using var response = await app.Gateway(CloudApp.Token2).PostToAsync(Path, Lines.Body(body));
        var problem = await response.ProblemAsync(HttpStatusCode.Forbidden, "not-this-gateway");
        Assert.Contains("line ln-1 belongs to gateway gw-1, the token to gateway gw-2", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("[null]", await EntriesAsync(app, "ln-1", start));
    }

    [Fact]
    public async Task Of_another_gateways_lines_among_its_own_stores_its_own()
    {
        await using var app = new CloudApp();
        var start = app.Now - 600;
        using var response = await app.Gateway().PostToAsync(Path, Lines.Body(
            Lines.Window("ln-4", Resolution.Minute, start, entries: 4), Lines.Window("ln-1", Resolution.Minute, start, entries: 1)));
        await response.ProblemAsync(HttpStatusCode.BadRequest, "lines-refused");
        Assert.Equal(("[1]", "[null]"), (await EntriesAsync(app, "ln-1", start), await EntriesAsync(app, "ln-4", start)));
    }

    [Theory]
    [InlineData("127.0.0.1", "http", 204)]
    [InlineData("::1", "http", 204)]
    [InlineData("192.168.1.7", "http", 403)]
    [InlineData("192.168.1.7", "https", 204)]
    public async Task Crosses_a_network_only_under_tls(string from, string scheme, int status)
    {
        var app = shared.App;
        var answer = await app.Server.SendAsync(context =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(from);
            context.Request.Method = "POST";
            context.Request.Scheme = scheme;
            context.Request.Path = "/api/v2/write";
            context.Request.Headers.Authorization = "Token " + CloudApp.Token1;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.Response.StatusCode);
    }

    [Fact]
    public async Task In_an_unknown_unit_of_time_is_refused()
    {
        var app = shared.App;
        using var response = await app.Gateway().PostToAsync("/api/v2/write?precision=h", Lines.Body(""));
        await response.ProblemAsync(HttpStatusCode.BadRequest, "precision-invalid");
    }

    [Fact]
    public async Task May_be_packed()
    {
        await using var app = new CloudApp();
        var start = app.Now - 600;
        using var response = await app.Gateway().PostToAsync(Path, Packed(Encoding.UTF8.GetBytes(Lines.Of(Lines.Window("ln-1", Resolution.Minute, start, entries: 6)))));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("[6]", await EntriesAsync(app, "ln-1", start));
    }

    [Fact]
    public async Task That_unpacks_to_too_much_is_refused_however_small_it_was()
    {
        var app = shared.App;
        using var bomb = Packed(new byte[WriteBody.MostBytes + 1]);
        Assert.InRange((await bomb.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length, 1, 200_000);
        using var response = await app.Gateway().PostToAsync(Path, bomb);
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task Of_broken_gzip_is_refused(int missing)
    {
        var app = shared.App;
        var packed = await Packed(Encoding.UTF8.GetBytes(Lines.Of(Lines.Window("ln-1", Resolution.Minute, app.Now - 600)))).ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using var content = new ByteArrayContent(missing == 0 ? [1, 2, 3, 4, 5] : packed[..^missing]);
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await app.Gateway().PostToAsync(Path, content);
        await response.ProblemAsync(HttpStatusCode.BadRequest, "gzip-invalid");
    }

    [Fact]
    public async Task In_another_encoding_is_refused()
    {
        var app = shared.App;
        using var content = Lines.Body("");
        content.Headers.ContentEncoding.Add("zstd");
        using var response = await app.Gateway().PostToAsync(Path, content);
        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "encoding-unsupported");
    }

    private static async Task<string> EntriesAsync(CloudApp app, string line, long start)
    {
        var answer = await app.Operator().JsonAsync($"/api/v1/footfall/lines?from={Answers.At(start)}&to={Answers.At(start + 60)}&bucket=1m");
        return answer.GetProperty("lines").EnumerateArray().Single(series => series.GetProperty("line").GetString() == line).GetProperty("entries").GetRawText();
    }

    private static ByteArrayContent Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(body);
        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        return content;
    }
}
