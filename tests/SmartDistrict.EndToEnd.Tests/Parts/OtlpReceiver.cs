using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmartDistrict.EndToEnd.Tests.Parts;

/// <summary>
/// A collector that takes OTLP over HTTP on a free port and decodes what arrives: protobuf wire format, messages of
/// opentelemetry-proto 1.x, <c>metrics.proto</c>, <c>resource.proto</c> and <c>common.proto</c>.
/// </summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;
    private volatile OtlpExport? newest;
    private volatile Exception? broken;

    public OtlpReceiver()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        listener.Prefixes.Add(Url.ToString());
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>The export that came last; null before the first.</summary>
    public OtlpExport? Newest => broken is null ? newest : throw broken;

    public void Dispose()
    {
        listener.Stop();
        serving.Wait();
        listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                if (context.Request is not { HttpMethod: "POST", Url.AbsolutePath: "/v1/metrics", ContentType: "application/x-protobuf" })
                    throw new InvalidDataException($"not OTLP: {context.Request.HttpMethod} {context.Request.Url} {context.Request.ContentType}");
                newest = OtlpExport.Decode(body.ToArray());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // stopped
        }
        catch (Exception e)
        {
            broken = e;
        }
    }
}

/// <summary>One ExportMetricsServiceRequest.</summary>
/// <param name="Resource">The resource's attributes.</param>
/// <param name="Scope">Name of the instrumentation scope.</param>
internal sealed record OtlpExport(Dictionary<string, string> Resource, string Scope, Dictionary<string, OtlpMetric> Metrics)
{
    public static OtlpExport Decode(byte[] body)
    {
        var resourceMetrics = Messages(body, 1).Single();
        var scopeMetrics = Messages(resourceMetrics, 2).Single();
        return new(Attributes(Messages(resourceMetrics, 1).Single(), 1), Text(Messages(scopeMetrics, 1).Single(), 1),
            Messages(scopeMetrics, 2).Select(Metric).ToDictionary(metric => metric.Name));
    }

    private static OtlpMetric Metric(byte[] metric)
    {
        var gauge = Messages(metric, 5).SingleOrDefault();
        var sum = Messages(metric, 7).SingleOrDefault();
        return new(Text(metric, 1), Text(metric, 2), Text(metric, 3), sum is not null && Number(sum, 3) == 1, sum is null ? 0 : Number(sum, 2),
            [.. Messages(gauge ?? sum ?? throw new InvalidDataException("neither gauge nor sum"), 1)
                .Select(point => (Attributes(point, 7), BitConverter.UInt64BitsToDouble(Number(point, 4))))]);
    }

    private static Dictionary<string, string> Attributes(byte[] message, int field) =>
        Messages(message, field).ToDictionary(pair => Text(pair, 1), pair => Text(Messages(pair, 2).Single(), 1));

    private static byte[][] Messages(byte[] message, int field) => [.. Fields(message).Where(f => f.Field == field).Select(f => f.Content!)];

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Messages(message, field).SingleOrDefault() ?? []);

    private static ulong Number(byte[] message, int field) => Fields(message).SingleOrDefault(f => f.Field == field).Number;

    /// <summary>Protocol Buffers documentation, "Encoding": tags, varints, fixed64, fixed32 and what has a length.</summary>
    private static List<(int Field, ulong Number, byte[]? Content)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[]?)>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((field, Varint(message, ref at), null));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at, 8)), null));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add((field, 0, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at, 4)), null));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"no such wire type in tag {tag}");
            }
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}

/// <param name="Temporality">2: cumulative.</param>
internal sealed record OtlpMetric(
    string Name, string Description, string Unit, bool Monotonic, ulong Temporality, List<(Dictionary<string, string> Attributes, double Value)> Points)
{
    public double Value(params (string Key, string Value)[] attributes) =>
        Points.Single(point => point.Attributes.Count == attributes.Length && attributes.All(wanted => point.Attributes.GetValueOrDefault(wanted.Key) == wanted.Value)).Value;
}
