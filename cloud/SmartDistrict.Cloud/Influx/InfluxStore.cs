using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Influx;

/// <summary>
/// Reads windows from an InfluxDB by InfluxQL over <c>/query</c>, the one way that 1.x, 2.x and 3.x all answer. Answers
/// come in chunks and are read chunk by chunk, so that memory is bounded whatever the span.
/// </summary>
internal sealed class InfluxStore : IFootfallStore, IHealthStore, IDeviceStore, IDisposable
{
    /// <summary>Some 50 kB a chunk.</summary>
    private const int ChunkRows = 1_000;

    private const int LongestChunk = 32 * 1024 * 1024;
    private const int StatementsAtOnce = 25;
    private const int LongestReason = 300;

    private static readonly StreamPipeReaderOptions Buffers = new(bufferSize: 64 * 1024);
    private static readonly TimeSpan SightingsBack = TimeSpan.FromDays(30);

    private readonly HttpClient http;
    private readonly InfluxOptions options;
    private readonly string district;
    private readonly TimeProvider clock;

    public InfluxStore(IOptions<InfluxOptions> options, District district, TimeProvider clock)
    {
        this.options = options.Value;
        this.district = district.Id;
        this.clock = clock;
        // not packed: that would cost the server more time than the way from one machine of a cloud to the next
        http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(this.options.Url.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = this.options switch
        {
            { Token: { } token } => new AuthenticationHeaderValue("Token", token),
            { User: { } user, Password: var password } => new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))),
            _ => null,
        };
    }

    public async IAsyncEnumerable<LineWindow> ReadAsync(
        Resolution resolution, long from, long to, IReadOnlyList<string>? lines, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // site ids are letters, digits, '.', '_' and '-': nothing in them needs an escape
        var only = lines is null ? "" : $" AND ({string.Join(" OR ", lines.Select(line => $"\"line\" = '{line}'"))})";
        var query = $"SELECT {InfluxRows.Fields} FROM \"{resolution.FootfallMeasurement()}\" "
            + $"WHERE \"district\" = '{district}' AND time >= {from}s AND time < {to}s{only} GROUP BY \"line\"";
        await foreach (var (_, series) in QueryAsync(query, cancellation))
            foreach (var window in InfluxRows.Windows(series, resolution))
                yield return window;
    }

    public async Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation)
    {
        // one plain sum a statement: InfluxDB 1.x reads it from the blocks many times quicker than several, or than by time
        var (digest, only) = what switch
        {
            DigestOf.Revisions => ("sum(\"revision\")", ""),
            DigestOf.Generations => ("sum(\"generation\")", ""),
            _ => ("count(\"revision\")", " AND \"status\" = 'provisional'"),
        };
        var digests = new long?[spans.Count];
        for (var first = 0; first < spans.Count; first += StatementsAtOnce)
        {
            var statements = spans.Skip(first).Take(StatementsAtOnce).Select(span => $"SELECT {digest} FROM \"{span.Resolution.FootfallMeasurement()}\" "
                + $"WHERE \"district\" = '{district}' AND time >= {span.From}s AND time < {span.To}s{only}");
            await foreach (var (statement, series) in QueryAsync(string.Join(';', statements), cancellation))
                digests[first + statement] = InfluxRows.Digest(series);
        }
        return digests;
    }

    public async Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation)
    {
        var since = (clock.GetUtcNow() - SightingsBack).ToUnixTimeSeconds();
        var query = $"SELECT last(\"last_seen\") FROM \"device_health\" WHERE \"district\" = '{district}' AND time >= {since}s GROUP BY \"device\"";
        var sightings = new List<DeviceSighting>();
        await foreach (var (_, series) in QueryAsync(query, cancellation))
            sightings.AddRange(InfluxRows.Sightings(series));
        return sightings;
    }

    public Task<IReadOnlyList<HealthReport>> ReadGatewayHealthAsync(CancellationToken cancellation) => ReadHealthAsync("gateway_health", "gateway", cancellation);

    public Task<IReadOnlyList<HealthReport>> ReadDeviceHealthAsync(CancellationToken cancellation) => ReadHealthAsync("device_health", "device", cancellation);

    public async Task<IReadOnlyList<LedgerSum>> ReadLedgerSumsAsync(long from, long to, CancellationToken cancellation)
    {
        var query = $"SELECT count(\"received\"),{string.Join(',', InfluxRows.LedgerCounts.Select(count => $"sum(\"{count}\")"))} FROM \"completeness_15m\" "
            + $"WHERE {Within(from, to)} GROUP BY \"device\"";
        var sums = new List<LedgerSum>();
        await foreach (var (_, series) in QueryAsync(query, cancellation))
            sums.AddRange(InfluxRows.LedgerSums(series, from));
        return sums;
    }

    public async Task<IReadOnlyList<LedgerSum>> ReadLedgerAsync(string device, long from, long to, CancellationToken cancellation)
    {
        var query = $"SELECT {string.Join(',', InfluxRows.LedgerCounts.Select(count => $"\"{count}\""))} FROM \"completeness_15m\" "
            + $"WHERE {Within(from, to)} AND \"device\" = '{device}'";
        var quarters = new List<LedgerSum>();
        await foreach (var (_, series) in QueryAsync(query, cancellation))
            quarters.AddRange(InfluxRows.Ledger(series, device));
        return quarters;
    }

    public async Task<HealthReport?> ReadNewestEnvironmentAsync(string device, CancellationToken cancellation)
    {
        var since = (clock.GetUtcNow() - SightingsBack).ToUnixTimeSeconds();
        var query = $"SELECT * FROM \"environment\" WHERE \"district\" = '{district}' AND \"device\" = '{device}' AND time >= {since}s "
            + "GROUP BY \"device\" ORDER BY time DESC LIMIT 1";
        HealthReport? newest = null;
        await foreach (var (_, series) in QueryAsync(query, cancellation))
            newest = InfluxRows.Health(series, "device").Select(report => (HealthReport?)report).FirstOrDefault() ?? newest;
        return newest;
    }

    public async Task<IReadOnlyList<AmbientMean>> ReadEnvironmentAsync(string device, long from, long to, CancellationToken cancellation)
    {
        var query = $"SELECT mean(*) FROM \"environment\" WHERE {Within(from, to)} AND \"device\" = '{device}' GROUP BY time(15m) fill(none)";
        var means = new List<AmbientMean>();
        await foreach (var (_, series) in QueryAsync(query, cancellation))
            means.AddRange(InfluxRows.Means(series));
        return means;
    }

    public void Dispose() => http.Dispose();

    /// <summary>Asks for the newest point of each value of the tags.</summary>
    internal string Newest(string measurement, long since, params ReadOnlySpan<string> tags) =>
        $"SELECT * FROM \"{measurement}\" WHERE \"district\" = '{district}' AND time >= {since}s GROUP BY \"{string.Join("\",\"", tags)}\" ORDER BY time DESC LIMIT 1";

    internal string Within(long from, long to) => $"\"district\" = '{district}' AND time >= {from}s AND time < {to}s";

    private async Task<IReadOnlyList<HealthReport>> ReadHealthAsync(string measurement, string tag, CancellationToken cancellation)
    {
        var since = (clock.GetUtcNow() - SightingsBack).ToUnixTimeSeconds();
        var query = Newest(measurement, since, tag);
        var reports = new List<HealthReport>();
        await foreach (var (_, series) in QueryAsync(query, cancellation))
            reports.AddRange(InfluxRows.Health(series, tag));
        return reports;
    }

    /// <summary>Asks, and yields every series of every chunk of the answer, with the place of its statement in the query.</summary>
    internal async IAsyncEnumerable<(int Statement, JsonElement Series)> QueryAsync(string query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var response = await GuardedAsync(() => SendAsync(query, both.Token), cancellation);
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(both.Token), Buffers);
        while (await GuardedAsync(() => NextChunkAsync(pipe, both.Token), cancellation) is { } chunk)
            using (chunk)
                foreach (var result in Results(chunk.RootElement))
                    if (result.TryGetProperty("series"u8, out var series))
                        foreach (var one in series.EnumerateArray())
                            yield return (result.TryGetProperty("statement_id"u8, out var id) ? id.GetInt32() : 0, one);
        await pipe.CompleteAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(string query, CancellationToken cancellation)
    {
        var path = $"query?db={Uri.EscapeDataString(options.Database)}&epoch=s&chunked=true&chunk_size={ChunkRows}&q={Uri.EscapeDataString(query)}";
        var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw Refused(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>Reads up to the next line break: one chunk, one JSON document. Null at the end.</summary>
    private static async Task<JsonDocument?> NextChunkAsync(PipeReader pipe, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var end = read.Buffer.PositionOf((byte)'\n');
            if (end is null && !read.IsCompleted)
            {
                if (read.Buffer.Length > LongestChunk)
                    throw new JsonException($"a chunk of more than {LongestChunk} bytes");
                pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var chunk = end is { } newline ? read.Buffer.Slice(0, newline) : read.Buffer;
            var document = IsBlank(chunk) ? null : JsonDocument.Parse(chunk.ToArray());
            pipe.AdvanceTo(end is { } at ? read.Buffer.GetPosition(1, at) : read.Buffer.End);
            if (document is not null || (read.IsCompleted && end is null))
                return document;
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> chunk)
    {
        foreach (var part in chunk)
            if (part.Span.IndexOfAnyExcept(" \r\n\t"u8) >= 0)
                return false;
        return true;
    }

    /// <summary>InfluxDB answers 200 to a query that fails (an unknown database, for one), with the error inside.</summary>
    private IEnumerable<JsonElement> Results(JsonElement answer)
    {
        if (answer.TryGetProperty("error"u8, out var error))
            throw Failed(error.GetString());
        if (!answer.TryGetProperty("results"u8, out var results))
            throw NotInflux("an answer without results");
        foreach (var result in results.EnumerateArray())
            yield return result.TryGetProperty("error"u8, out error) ? throw Failed(error.GetString()) : result;
    }

    /// <summary>Turns what can go wrong between us and the server into the store's one exception.</summary>
    private async Task<T> GuardedAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (JsonException e)
        {
            throw NotInflux(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreUnavailableException("influx-timeout",
                $"InfluxDB at {options.Url} has not answered within {options.TimeoutSeconds} s: ask for a shorter span, or look at the server's load", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new StoreUnavailableException("influx-unreachable",
                $"InfluxDB at {options.Url} cannot be reached ({e.Message}): start it, or mend Cloud:Influx:Url", e);
        }
    }

    private StoreUnavailableException Refused(HttpStatusCode status, string body) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new("influx-unauthorized",
            $"InfluxDB at {options.Url} refuses us ({Reason(body)}): mend Cloud:Influx:User and Password (1.x) or Token (2.x, 3.x)"),
        HttpStatusCode.NotFound => new("influx-not-found",
            $"InfluxDB at {options.Url} answers 404 ({Reason(body)}): mend Cloud:Influx:Url or Database; InfluxDB 2.x needs a DBRP mapping from database to bucket"),
        _ => new("influx-failed", $"InfluxDB at {options.Url} answers {(int)status} ({Reason(body)}): look at its log"),
    };

    private StoreUnavailableException Failed(string? error) => error?.Contains("database not found", StringComparison.OrdinalIgnoreCase) == true
        ? new("influx-not-found", $"InfluxDB at {options.Url} has no database {options.Database}: make it, or mend Cloud:Influx:Database")
        : new("influx-failed", $"InfluxDB at {options.Url} cannot answer ({Reason(error ?? "")})");

    private StoreUnavailableException NotInflux(string why, Exception? inner = null) => new("influx-answer",
        $"What answers at {options.Url} is not an InfluxDB, or its answer was cut short ({why}): mend Cloud:Influx:Url", inner);

    private static string Reason(string text)
    {
        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length > LongestReason ? text[..LongestReason] + "…" : text;
    }
}
