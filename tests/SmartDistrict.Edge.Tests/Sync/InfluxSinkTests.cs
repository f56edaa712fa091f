using System.Net;
using System.Text;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Sync;

public sealed class InfluxSinkTests : IDisposable
{
    private static readonly byte[] Lines = "m f=1i 1\n"u8.ToArray();
    private readonly ManualTimeProvider time = new();
    private readonly string folder = Directory.CreateTempSubdirectory("sink-").FullName;

    private static SyncOptions V1 => new() { Url = "http://influx.example:8086/", Api = SyncApi.V1, Database = "the district" };

    private static SyncOptions V2 => new() { Url = "https://cloud.example/influx", Api = SyncApi.V2, Org = "o", Bucket = "b&c" };

    public static TheoryData<SyncApi, int, string, WriteResult, string, string> Answers => new()
    {
        // status, body → result, words in the reason, words in the mend
        { SyncApi.V1, 204, "", WriteResult.Accepted, "", "" },
        { SyncApi.V2, 204, "", WriteResult.Accepted, "", "" },
        { SyncApi.V1, 200, "", WriteResult.Accepted, "", "" },
        { SyncApi.V1, 400, """{"error":"partial write: unable to parse 'm f=x': invalid boolean dropped=0"}""", WriteResult.Rejected, "unable to parse 'm f=x'", "report the line" },
        { SyncApi.V1, 400, """{"error":"partial write: field type conflict: input field \"f\" on measurement \"m\" is type float, already exists as type integer dropped=1"}""", WriteResult.Rejected, "field type conflict", "another type" },
        { SyncApi.V1, 400, """{"error":"partial write: points beyond retention policy dropped=3"}""", WriteResult.Rejected, "beyond retention policy", "older than the store keeps" },
        { SyncApi.V2, 400, """{"code":"invalid","message":"unable to parse 'm f='"}""", WriteResult.Rejected, "unable to parse", "report the line" },
        { SyncApi.V2, 422, """{"code":"unprocessable entity","message":"failure writing points: points beyond retention policy dropped=1"}""", WriteResult.Rejected, "beyond retention policy", "older" },
        { SyncApi.V2, 400, """{"type":"about:blank","title":"Bad lines","status":400,"detail":"line 3, column 5: not a number"}""", WriteResult.Rejected, "line 3, column 5", "report the line" },
        { SyncApi.V1, 400, "Client sent an HTTP request to an HTTPS server.", WriteResult.Held, "not an answer of a time series store", "Sync:Url" },
        { SyncApi.V1, 400, "<html>The plain HTTP request was sent to HTTPS port</html>", WriteResult.Held, "400", "Sync:Url" },
        { SyncApi.V1, 413, """{"error":"Request Entity Too Large"}""", WriteResult.TooLarge, "413", "max-body-size" },
        { SyncApi.V1, 401, """{"error":"authorization failed"}""", WriteResult.Held, "authorization failed", "Sync:PasswordFile" },
        { SyncApi.V2, 401, """{"code":"unauthorized","message":"unauthorized access"}""", WriteResult.Held, "unauthorized access", "Sync:TokenFile" },
        { SyncApi.V1, 403, """{"error":"\"gw\" user is not authorized to write to database \"the district\""}""", WriteResult.Held, "not authorized", "GRANT WRITE" },
        { SyncApi.V2, 403, """{"code":"forbidden","message":"insufficient permissions for write"}""", WriteResult.Held, "insufficient permissions", "bucket b&c" },
        { SyncApi.V1, 404, """{"error":"database not found: \"the district\""}""", WriteResult.Held, "database not found", "create database the district" },
        { SyncApi.V2, 404, """{"code":"not found","message":"bucket \"b&c\" not found"}""", WriteResult.Held, "not found", "create bucket b&c in organisation o" },
        { SyncApi.V1, 404, "404 page not found", WriteResult.Held, "404", "/write" },
        { SyncApi.V2, 404, "404 page not found", WriteResult.Held, "404", "/api/v2/write" },
        { SyncApi.V1, 405, "", WriteResult.Held, "405", "Sync:Url" },
        { SyncApi.V1, 301, "", WriteResult.Held, "301", "Sync:Url" },
        { SyncApi.V1, 500, """{"error":"retention policy not found: \"p\""}""", WriteResult.Held, "retention policy not found", "retention policy" },
        { SyncApi.V1, 500, """{"error":"timeout"}""", WriteResult.Unavailable, "500 timeout", "" },
        { SyncApi.V1, 408, "", WriteResult.Unavailable, "408", "" },
        { SyncApi.V2, 429, """{"code":"too many requests","message":"over limit"}""", WriteResult.Unavailable, "429 over limit", "" },
        { SyncApi.V2, 502, "<html>bad gateway</html>", WriteResult.Unavailable, "502", "" },
        { SyncApi.V2, 503, "", WriteResult.Unavailable, "503", "" },
        { SyncApi.V2, 504, "", WriteResult.Unavailable, "504", "" },
        { SyncApi.V2, 599, "", WriteResult.Unavailable, "599", "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_is_accept_reject_or_keep(SyncApi api, int status, string body, WriteResult result, string reason, string mend)
    {
        var outcome = await WriteAsync(api == SyncApi.V1 ? V1 : V2, new ScriptedHandler((HttpStatusCode)status, body));
        Assert.Equal(result, outcome.Result);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.Contains(mend, outcome.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(504, true)]
    [InlineData(408, true)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    public async Task Only_where_the_store_may_still_write_the_outcome_is_ambiguous(int status, bool ambiguous) =>
        Assert.Equal(ambiguous, (await WriteAsync(V1, new ScriptedHandler((HttpStatusCode)status))).Ambiguous);

    [Fact]
    public async Task The_reason_is_found_in_the_header_of_1x_too()
    {
        var outcome = await WriteAsync(V1, new ScriptedHandler(HttpStatusCode.BadRequest, "", "text/plain", ("X-Influxdb-Error", "partial write: bad timestamp dropped=0")));
        Assert.Equal((WriteResult.Rejected, "400 partial write: bad timestamp dropped=0"), (outcome.Result, outcome.Reason));
    }

    [Fact]
    public async Task A_web_page_with_200_is_not_a_store_that_took_the_lines()
    {
        var outcome = await WriteAsync(V1, new ScriptedHandler(HttpStatusCode.OK, "<html>log in</html>", "text/html"));
        Assert.Equal(WriteResult.Held, outcome.Result);
        Assert.Contains("web page", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_told_not_followed()
    {
        var outcome = await WriteAsync(V1, new ScriptedHandler(HttpStatusCode.Found, "", "text/plain", ("Location", "https://login.example/?secret=1")));
        Assert.Equal((WriteResult.Held, "302 Found: it points to https://login.example/"), (outcome.Result, outcome.Reason));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Mon, 02 Mar 2026 08:05:00 GMT", 300)]
    [InlineData("Mon, 02 Mar 2026 07:05:00 GMT", null)]
    [InlineData("soon", null)]
    public async Task Retry_after_is_understood_in_both_forms(string header, int? seconds)
    {
        var outcome = await WriteAsync(V1, new ScriptedHandler(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", header)));
        Assert.Equal(seconds, outcome.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task The_1x_interface_is_asked_with_basic_authentication_and_no_secret_in_the_url()
    {
        var options = V1;
        (options.User, options.PasswordFile, options.RetentionPolicy) = ("gw-1", Secret("pass word\n"), "90 days");
        var store = new ScriptedHandler(HttpStatusCode.NoContent);
        using var sink = new InfluxSink(options, time, store);
        Assert.Equal(WriteResult.Accepted, (await sink.WriteAsync(Lines, TestContext.Current.CancellationToken)).Result);
        var asked = Assert.Single(store.Requests);
        Assert.Equal("http://influx.example:8086/write?db=the%20district&precision=s&rp=90%20days", asked.Url.AbsoluteUri);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("gw-1:pass word")), asked.Authorization);
        Assert.Equal((HttpMethod.Post, "m f=1i 1\n", "text/plain; charset=utf-8"), (asked.Method, asked.Lines, asked.Type));
        Assert.DoesNotContain("pass", sink.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_2x_interface_is_asked_with_a_token_below_the_roots_path()
    {
        var options = V2;
        options.TokenFile = Secret("t0ken==\r\n");
        var store = new ScriptedHandler(HttpStatusCode.NoContent);
        await WriteAsync(options, store);
        var asked = Assert.Single(store.Requests);
        Assert.Equal("https://cloud.example/influx/api/v2/write?org=o&bucket=b%26c&precision=s", asked.Url.AbsoluteUri);
        Assert.Equal("Token t0ken==", asked.Authorization);
    }

    [Fact]
    public async Task A_new_token_needs_no_restart()
    {
        var options = V2;
        options.TokenFile = Secret("old");
        var store = new ScriptedHandler(HttpStatusCode.NoContent);
        using var sink = new InfluxSink(options, time, store);
        await sink.WriteAsync(Lines, TestContext.Current.CancellationToken);
        File.WriteAllText(options.TokenFile, "new");
        await sink.WriteAsync(Lines, TestContext.Current.CancellationToken);
        Assert.Equal(["Token old", "Token new"], store.Requests.Select(asked => asked.Authorization));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("schlüssel")]
    [InlineData(null)]
    public async Task A_token_file_without_a_token_holds_the_lines_and_says_which_file(string? content)
    {
        var options = V2;
        options.TokenFile = content is null ? Path.Combine(folder, "missing") : Secret(content);
        var store = new ScriptedHandler(HttpStatusCode.NoContent);
        var outcome = await WriteAsync(options, store);
        Assert.Equal(WriteResult.Held, outcome.Result);
        Assert.Contains(options.TokenFile, outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(store.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8086", null, false)]
    [InlineData("http://127.0.0.1:8086", true, true)]
    [InlineData("http://influx.example", null, true)]
    [InlineData("http://influx.example", false, false)]
    public async Task Bodies_are_compressed_unless_the_store_is_on_this_machine(string url, bool? set, bool compressed)
    {
        var options = V1;
        (options.Url, options.Gzip) = (url, set);
        var lines = string.Concat(Enumerable.Range(0, 200).Select(i => $"m f=1i {i}\n"));
        var store = new ScriptedHandler(HttpStatusCode.NoContent);
        using var sink = new InfluxSink(options, time, store);
        await sink.WriteAsync(Encoding.UTF8.GetBytes(lines), TestContext.Current.CancellationToken);
        Assert.Equal((compressed ? "gzip" : null, lines), (store.Requests[0].Encoding, store.Requests[0].Lines));
    }

    [Fact]
    public async Task No_answer_in_time_is_ambiguous()
    {
        var asked = new TaskCompletionSource();
        var store = new ScriptedHandler(async (_, cancellation) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return null!;
        });
        var write = WriteAsync(V1, store);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(write.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        var outcome = await write;
        Assert.Equal((WriteResult.Unavailable, true), (outcome.Result, outcome.Ambiguous));
        Assert.Contains("influx.example:8086 within 00:00:30", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, WriteResult.Unavailable, false)]
    [InlineData(HttpRequestError.NameResolutionError, WriteResult.Unavailable, false)]
    [InlineData(HttpRequestError.ResponseEnded, WriteResult.Unavailable, true)]
    [InlineData(HttpRequestError.Unknown, WriteResult.Unavailable, true)]
    [InlineData(HttpRequestError.SecureConnectionError, WriteResult.Held, false)]
    public async Task A_broken_connection_keeps_the_lines(HttpRequestError error, WriteResult result, bool ambiguous)
    {
        var outcome = await WriteAsync(V1, new ScriptedHandler((_, _) => throw new HttpRequestException(error, "it broke")));
        Assert.Equal((result, ambiguous), (outcome.Result, outcome.Ambiguous));
        Assert.Contains("it broke", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_says_where_and_was_never_sent()
    {
        var options = V1;
        options.Url = $"http://127.0.0.1:{MosquittoBroker.FreePort()}";
        using var sink = new InfluxSink(options, TimeProvider.System);
        var outcome = await sink.WriteAsync(Lines, TestContext.Current.CancellationToken);
        Assert.Equal((WriteResult.Unavailable, false), (outcome.Result, outcome.Ambiguous));
        Assert.Contains(options.Url[7..], outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("Sync:Url", outcome.Mend, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<WriteOutcome> WriteAsync(SyncOptions options, ScriptedHandler store)
    {
        using var sink = new InfluxSink(options, time, store);
        return await sink.WriteAsync(Lines, TestContext.Current.CancellationToken);
    }

    private string Secret(string content)
    {
        var path = Path.Combine(folder, "secret");
        File.WriteAllText(path, content);
        return path;
    }
}
