using System.Globalization;
using System.Net.Http.Headers;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>Writes the windows that a gateway would have written, with counts that look like those of streets, into a real InfluxDB.</summary>
internal sealed class InfluxHistory(InfluxServer influx, string district) : IDisposable
{
    private const int LinesAtOnce = 10_000;
    private const int Connections = 2;

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(5) };

    public void Dispose() => http.Dispose();

    /// <summary>One window for each of the lines and of the starts.</summary>
    /// <returns>Points written.</returns>
    public async Task<long> WriteAsync(Resolution resolution, IEnumerable<long> starts, int lines, int firstLine = 0)
    {
        var windows = starts.SelectMany(start => Enumerable.Range(firstLine, lines), (start, line) => Window(resolution, start, line)).Chunk(LinesAtOnce);
        long written = 0;
        await Parallel.ForEachAsync(windows, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (batch, cancellation) =>
        {
            var writer = new LineWriter(LinesAtOnce * 220);
            foreach (var window in batch)
                FootfallPoint.Write(writer, district, window);
            using var body = new ReadOnlyMemoryContent(writer.WrittenMemory);
            using var response = await http.PostAsync(new Uri(influx.Url, $"write?db={influx.Database}&precision=s"), body, cancellation);
            if (!response.IsSuccessStatusCode)
                throw new InvalidDataException($"InfluxDB answers {(int)response.StatusCode} to a write: {await response.Content.ReadAsStringAsync(cancellation)}");
            Interlocked.Add(ref written, batch.Length);
        });
        return written;
    }

    /// <summary>The window of a line that was written, or will be: the same at every call.</summary>
    public static LineWindow Window(Resolution resolution, long start, int line)
    {
        var random = new Random(unchecked((int)((start / 60 * 7919) + line)));
        var rhythm = 1 - Math.Cos(start % 86_400 / 86_400.0 * Math.Tau);
        var most = (int)(rhythm * (1 + (line % 40)) * resolution.Seconds() / 300) + 2;
        return new(
            BenchSite.Line(line), resolution, start,
            new LineCounts { Entries = random.Next(most), Exits = random.Next(most), Expected = resolution.Seconds() / 10, Received = resolution.Seconds() / 10 },
            WindowStatus.Complete, new Revision(1, start / 60));
    }

    /// <summary>What InfluxDB answers to a bare query, to the last byte.</summary>
    public async Task<(double Milliseconds, byte[] Body)> QueryAsync(string influxQl)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(influx.Url, $"query?db={influx.Database}&epoch=s&q={Uri.EscapeDataString(influxQl)}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode)
            throw new InvalidDataException($"InfluxDB answers {(int)response.StatusCode} to {influxQl}");
        return (TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, body);
    }

    public static string Between(long from, long to) => string.Create(CultureInfo.InvariantCulture, $"time >= {from}s AND time < {to}s");
}
