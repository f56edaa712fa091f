using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace SmartDistrict.Edge.Sync;

/// <summary>Writes to InfluxDB or to whatever speaks its write interface. Secrets travel in headers only.</summary>
public sealed class InfluxSink : ITimeSeriesSink, IDisposable
{
    private const int MaxAnswer = 64 * 1024;
    private const int LeastWorthCompressing = 1024;

    private readonly SyncOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly Uri url;
    private readonly bool gzip;

    /// <param name="options">Checked by <see cref="SyncOptionsCheck"/>.</param>
    /// <param name="handler">The network; without one, the real one.</param>
    public InfluxSink(SyncOptions options, TimeProvider time, HttpMessageHandler? handler = null)
    {
        this.options = options;
        this.time = time;
        http = new HttpClient(handler ?? NetworkHandler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        var root = new Uri(options.Url.TrimEnd('/') + "/");
        url = new(root, options.Api == SyncApi.V1
            ? $"write?db={Uri.EscapeDataString(options.Database!)}&precision=s"
                + (options.RetentionPolicy is { } policy ? $"&rp={Uri.EscapeDataString(policy)}" : "")
            : $"api/v2/write?org={Uri.EscapeDataString(options.Org!)}&bucket={Uri.EscapeDataString(options.Bucket!)}&precision=s");
        gzip = options.Gzip ?? !root.IsLoopback;
        Target = url.AbsoluteUri;
    }

    public string Target { get; }

    public async ValueTask<WriteOutcome> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        if (Authorize(request) is { } problem)
            return new(WriteResult.Held, problem, "mend the file; it is read again at each attempt");
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var compressed = gzip && lines.Length >= LeastWorthCompressing ? Compress(lines) : null;
        request.Content = compressed is null ? new ReadOnlyMemoryContent(lines) : new StreamContent(compressed);
        request.Content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        if (compressed is not null)
            request.Content.Headers.ContentEncoding.Add("gzip");
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var body = await ReadAnswerAsync(response, either.Token).ConfigureAwait(false);
            return InfluxAnswer.Read(response, body, options, time.GetUtcNow());
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(WriteResult.Unavailable, $"no answer from {url.Authority} within {options.RequestTimeout}", Ambiguous: true);
        }
        catch (OperationCanceledException)
        {
            return new(WriteResult.Unavailable, "cancelled", Ambiguous: true);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return new(WriteResult.Held, $"no secure connection to {url.Authority}: {Innermost(e)}",
                "make the system trust the store's certificate (and its name match Sync:Url), or correct Sync:Url");
        }
        catch (HttpRequestException e)
        {
            // Where no connection came about, nothing was sent.
            var unsent = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError;
            return new(WriteResult.Unavailable, $"{url.Authority}: {Innermost(e)}", "check that the store runs, that Sync:Url is right and the network is there", Ambiguous: !unsent);
        }
        catch (IOException e)
        {
            return new(WriteResult.Unavailable, $"{url.Authority}: {Innermost(e)}", Ambiguous: true);
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>A redirect would turn the POST into a GET and end in a 200 that stored nothing.</summary>
    private static SocketsHttpHandler NetworkHandler(SyncOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = options.Connections + 1,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
    };

    /// <summary>Reads the secret anew: it may have been changed on the disk.</summary>
    private string? Authorize(HttpRequestMessage request)
    {
        var path = options.Api == SyncApi.V1 ? options.PasswordFile : options.TokenFile;
        if (path is null)
            return null;
        if (!SecretFile.TryRead(path, out var secret, out var problem))
            return problem;
        if (options.Api == SyncApi.V2 && !Ascii.IsValid(secret))
            return $"{path} holds characters that a token cannot have";
        request.Headers.Authorization = options.Api == SyncApi.V1
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{secret}")))
            : new AuthenticationHeaderValue("Token", secret);
        return null;
    }

    private static MemoryStream Compress(ReadOnlyMemory<byte> lines)
    {
        var compressed = new MemoryStream(lines.Length / 4);
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(lines.Span);
        compressed.Position = 0;
        return compressed;
    }

    private static async Task<string> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength == 0)
            return "";
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[MaxAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, MaxAnswer, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;
}
