using System.IO.Compression;
using System.Net;
using System.Text;

namespace SmartDistrict.Edge.Tests.Sync;

/// <summary>A store that answers as told, and remembers what it was asked.</summary>
internal sealed class ScriptedHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public ScriptedHandler(HttpStatusCode status, string body = "", string type = "application/json", params (string Name, string Value)[] headers)
        : this((_, _) => Task.FromResult(Answer(status, body, type, headers)))
    {
    }

    public sealed record Asked(HttpMethod Method, Uri Url, string? Authorization, string? Encoding, string? Type, string Lines);

    public List<Asked> Requests { get; } = [];

    public static HttpResponseMessage Answer(HttpStatusCode status, string body = "", string type = "application/json", params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await using var body = await request.Content!.ReadAsStreamAsync(cancellationToken);
        var encoding = request.Content.Headers.ContentEncoding.SingleOrDefault();
        using var reader = new StreamReader(encoding == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : body);
        Requests.Add(new(request.Method, request.RequestUri!, request.Headers.Authorization?.ToString(), encoding,
            request.Content.Headers.ContentType?.ToString(), await reader.ReadToEndAsync(cancellationToken)));
        return await answer(request, cancellationToken);
    }
}
