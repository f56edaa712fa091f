using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>viewers</c>: 500 open event streams of one cloud service, and how long a gateway's live message takes from its
/// publishing to each of them, through a real Mosquitto, while 200 zones change in every message, four times a second.
/// The viewers read on the same machine.
/// </summary>
/// <remarks>
/// The first zone's revision is the number of the message, so an event shows up to which message it is; of several
/// messages in one event each has its own lag. Only the beginning of an event is read: the viewers shall not be what is measured.
/// </remarks>
internal static class Viewers
{
    private const int Zones = 200;
    private const int Streams = 500;
    private const int Rounds = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(12);

    public static async Task<int> RunAsync()
    {
        using var site = new BenchSite(new ReadingStream { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), Devices = Zones });
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Lines = ["set_tcp_nodelay true"] });
        var url = new Uri($"http://127.0.0.1:{MosquittoBroker.FreePort()}/");
        await using var cloud = await site.StartCloudAsync(url, broker.Port);
        var before = ProcessUse.Of(cloud.ProcessId);
        using var client = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", site.ApiToken);
        using var end = new CancellationTokenSource();
        var messages = new Messages();
        var viewers = Enumerable.Range(0, Streams).Select(_ => new Viewer(messages)).ToArray();
        var reading = Task.WhenAll(viewers.Select(viewer => viewer.ReadAsync(client, end.Token)));
        var publishing = LiveGateway.PublishAsync(broker.Port, () => (Enumerable.Range(0, Zones), messages.Next()), end.Token);
        await Task.WhenAny(Task.Delay(WarmUp, TimeProvider.System), reading);
        Take(viewers);

        List<double> p95s = [];
        for (var round = 1; round <= Rounds; round++)
        {
            var cpu = ProcessUse.Of(cloud.ProcessId).CpuSeconds;
            await Task.WhenAny(Task.Delay(Round, TimeProvider.System), reading);
            var (lags, bytes) = Take(viewers);
            var expected = Streams * Round.TotalSeconds * LiveGateway.MessagesPerSecond;
            if (reading.IsCompleted || lags.Count < expected / 2)
                throw new InvalidDataException($"only {lags.Count} of about {expected} messages were seen", reading.Exception);
            lags.Sort();
            p95s.Add(lags[(int)(lags.Count * 0.95)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: {lags.Count} messages seen, p50 {lags[lags.Count / 2]:0} ms, p95 {p95s[^1]:0} ms, longest {lags[^1]:0} ms; {bytes / Round.TotalSeconds / 1e6:0} MB/s, cloud {(ProcessUse.Of(cloud.ProcessId).CpuSeconds - cpu) / Round.TotalSeconds:0.00} cores"));
        }
        var use = ProcessUse.Of(cloud.ProcessId);
        await end.CancelAsync();
        await Task.WhenAll(reading, publishing);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"cloud: resident {use.ResidentMiB:0} MiB with {Streams} viewers (peak {use.PeakMiB:0}), {before.ResidentMiB:0} MiB before"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"viewers rss_mib {use.ResidentMiB:0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"viewers lag_p95_ms {Ingest.Median(p95s):0}"));
        return 0;
    }

    private static (List<double> Lags, long Bytes) Take(Viewer[] viewers)
    {
        var (lags, bytes) = (new List<double>(), 0L);
        foreach (var viewer in viewers)
            bytes += viewer.Take(lags);
        return (lags, bytes);
    }

    /// <summary>When each message was published, by its number, from 1.</summary>
    private sealed class Messages
    {
        private const int Most = 10_000;
        private readonly long[] publishedAt = new long[Most];
        private int count;

        /// <summary>Notes that the next message goes out now.</summary>
        /// <returns>Its number.</returns>
        public int Next()
        {
            publishedAt[count + 1] = TimeProvider.System.GetTimestamp();
            return Interlocked.Increment(ref count);
        }

        public int Count => Volatile.Read(ref count);

        public double MillisecondsSince(int number, long now) => TimeProvider.System.GetElapsedTime(publishedAt[number], now).TotalMilliseconds;
    }

    /// <summary>One event stream.</summary>
    private sealed class Viewer(Messages messages)
    {
        private const int Head = 1024;
        private static readonly byte[] Data = "data: "u8.ToArray();
        private static readonly byte[] Zone = Encoding.ASCII.GetBytes($"\"zone\":\"{BenchSite.Zone(0)}\"");
        private static readonly byte[] Revision = "\"revision\":"u8.ToArray();

        private readonly Lock gate = new();
        private readonly byte[] head = new byte[Head];
        private List<double> lags = [];
        private int length;
        private long bytes;
        private int seen;

        /// <returns>Bytes read since the last call.</returns>
        public long Take(List<double> into)
        {
            lock (gate)
            {
                into.AddRange(lags);
                lags = [];
                var read = bytes;
                bytes = 0;
                return read;
            }
        }

        public async Task ReadAsync(HttpClient client, CancellationToken end)
        {
            try
            {
                using var response = await client.GetAsync(new Uri("api/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, end);
                response.EnsureSuccessStatusCode();
                await using var body = await response.Content.ReadAsStreamAsync(end);
                var buffer = new byte[64 * 1024];
                while (await body.ReadAsync(buffer, end) is var read and > 0)
                    Read(buffer.AsSpan(0, read), TimeProvider.System.GetTimestamp());
                throw new InvalidDataException("the cloud ended an event stream");
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // the run is over
            }
        }

        private void Read(ReadOnlySpan<byte> part, long now)
        {
            lock (gate)
            {
                bytes += part.Length;
                while (!part.IsEmpty)
                {
                    var newline = part.IndexOf((byte)'\n');
                    var line = newline < 0 ? part : part[..newline];
                    var kept = line[..Math.Min(line.Length, Head - length)];
                    kept.CopyTo(head.AsSpan(length));
                    length += kept.Length;
                    if (newline < 0)
                        return;
                    Show(head.AsSpan(0, length), now);
                    length = 0;
                    part = part[(newline + 1)..];
                }
            }
        }

        private void Show(ReadOnlySpan<byte> line, long now)
        {
            if (!line.StartsWith(Data) || line.IndexOf(Zone) is not (var at and >= 0))
                return;
            line = line[at..];
            if (line.IndexOf(Revision) is not (var revision and >= 0) || !Utf8Parser.TryParse(line[(revision + Revision.Length)..], out int number, out _))
                return;
            // who joins late has not waited for what was published before
            if (seen == 0)
                seen = number;
            for (; seen < number && seen < messages.Count; seen++)
                lags.Add(messages.MillisecondsSince(seen + 1, now));
        }
    }
}
