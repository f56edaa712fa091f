using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Status;

namespace SmartDistrict.Edge.Technician;

/// <summary>
/// The technician's page and what it asks for, under <c>/technician/</c>. What only shows something is a GET; what starts
/// something is a POST with a JSON body from a page of the same origin.
/// </summary>
internal sealed partial class TechnicianApi(
    TechnicianAccess access, GatewayWatch watch, Func<Wiring> wiring, Func<LiveView> live, WalkTests walks, TopicSniffer sniffer, DiagnosisBundle bundle, TimeProvider time, ILogger log)
{
    public const string Root = "/technician/";

    private const string Json = "application/json; charset=utf-8";
    private const int LargestBody = 64 << 10;
    private const int MostAtOnce = 16;
    private static readonly TimeSpan BodyPatience = TimeSpan.FromSeconds(5);

    private int running;

    /// <summary>Whether a request may read what <c>/status</c> and <c>/metrics</c> tell: from this machine always, from elsewhere only signed in.</summary>
    public bool MayRead(HttpListenerRequest request) => !access.NeedsCode || IPAddress.IsLoopback(request.RemoteEndPoint.Address) || IsSignedIn(request);

    /// <summary>Answers a request of the page; never throws for what a client does.</summary>
    public async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            if (Interlocked.Increment(ref running) > MostAtOnce)
                Refuse(context.Response, 503, "too many requests at once");
            else
                await RouteAsync(context);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or TimeoutException)
        {
            // the asker went away, or was too slow
            context.Response.Abort();
        }
        catch (Exception e)
        {
            LogFault(context.Request.Url?.AbsolutePath ?? "", e);
            context.Response.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }

    private async Task RouteAsync(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var path = request.Url?.AbsolutePath ?? "/";
        Protect(response);
        if (path is "/" or "/technician")
        {
            response.Redirect(Root);
            response.Close();
        }
        else if (request.HttpMethod == "GET" && PageFiles.Find(path[Math.Min(Root.Length, path.Length)..]) is { } file)
            Answer(response, 200, file.Type, file.Content);
        else if (path == Root + "api/gate" && request.HttpMethod == "GET")
            Answer(response, new(access.NeedsCode, IsSignedIn(request)), TechnicianJson.Default.TechnicianGate);
        else if (!path.StartsWith(Root + "api/", StringComparison.Ordinal))
            Refuse(response, 404, "there is nothing here");
        else if (request.HttpMethod == "POST")
            await PostAsync(request, response, path[(Root.Length + 4)..]);
        else if (request.HttpMethod != "GET")
            Refuse(response, 405, "use GET or POST");
        else if (!IsSignedIn(request))
            Refuse(response, 401, "sign in with the technician's code first");
        else
            Get(response, path[(Root.Length + 4)..]);
    }

    private void Get(HttpListenerResponse response, string what)
    {
        switch (what)
        {
            case "wiring":
                Answer(response, wiring(), TechnicianJson.Default.Wiring);
                break;
            case "live":
                Answer(response, live(), TechnicianJson.Default.LiveView);
                break;
            case "walks":
                Answer(response, [.. walks.All], WalkTestJson.Default.ListWalkTest);
                break;
            case "sniff":
                Answer(response, sniffer.State, TechnicianJson.Default.SniffState);
                break;
            case "status":
                Answer(response, watch.Now(), GatewayStatusJson.Default.GatewayStatus);
                break;
            case "bundle":
                response.AddHeader("Content-Disposition", $"attachment; filename=\"{bundle.FileName}\"");
                Answer(response, 200, "application/zip", bundle.Make());
                break;
            default:
                Refuse(response, 404, "there is nothing here");
                break;
        }
    }

    private async Task PostAsync(HttpListenerRequest request, HttpListenerResponse response, string what)
    {
        if (!IsOwnOrigin(request))
            Refuse(response, 403, "only a page of this gateway may do this");
        else if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            Refuse(response, 415, "send application/json");
        else if (what != "enter" && !IsSignedIn(request))
            Refuse(response, 401, "sign in with the technician's code first");
        else if (await BodyAsync(request) is not { } body)
            Refuse(response, 413, $"a request has at most {LargestBody} bytes");
        else if (Read(body) is not { } asked)
            Refuse(response, 400, "the body is no JSON object of known fields");
        else if (what == "enter")
            Enter(request, response, asked.Code ?? "");
        else
            await DoAsync(response, what, asked);
    }

    private async Task DoAsync(HttpListenerResponse response, string what, TechnicianRequest asked)
    {
        switch (what)
        {
            case "walk/start":
                Settle(response, walks.Start(asked.Line ?? "", asked.In ?? 0, asked.Out ?? 0));
                break;
            case "walk/stop":
                walks.Stop();
                Settle(response, null);
                break;
            case "sniff/start":
                Settle(response, await sniffer.StartAsync(TimeSpan.FromMinutes(Math.Clamp(asked.Minutes ?? 2, 1, (int)TopicSniffer.LongestListening.TotalMinutes))));
                break;
            case "sniff/stop":
                await sniffer.StopAsync();
                Settle(response, null);
                break;
            case "profile/propose":
                if (sniffer.State.Topics.FirstOrDefault(topic => topic.Topic == asked.Topic) is { } heard)
                    Answer(response, ProfileProposal.Of(heard.Topic, heard.Preview), TechnicianJson.Default.ProfileProposal);
                else
                    Settle(response, "that topic was not heard since the listening began");
                break;
            case "profile/check":
                Answer(response, new(ProfileProposal.Check(asked.Yaml ?? "")), TechnicianJson.Default.ProfileCheck);
                break;
            default:
                Refuse(response, 404, "there is nothing here");
                break;
        }
    }

    private void Enter(HttpListenerRequest request, HttpListenerResponse response, string code)
    {
        if (access.TryEnter(request.RemoteEndPoint.Address, code, out var session, out var wait))
        {
            response.AddHeader("Set-Cookie", $"{TechnicianAccess.Cookie}={session}; Path=/; HttpOnly; SameSite=Strict");
            Settle(response, null);
        }
        else if (wait > TimeSpan.Zero)
        {
            response.AddHeader("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            Refuse(response, 429, "too many wrong codes: wait");
        }
        else
            Refuse(response, 401, "this is not the technician's code");
    }

    private bool IsSignedIn(HttpListenerRequest request) => access.Allows(request.Cookies[TechnicianAccess.Cookie]?.Value);

    /// <summary>A browser states the origin of every POST; a page from elsewhere cannot forge it.</summary>
    private static bool IsOwnOrigin(HttpListenerRequest request) =>
        request.Headers["Origin"] is { } origin && string.Equals(origin, "http://" + request.UserHostName, StringComparison.OrdinalIgnoreCase);

    /// <returns>Null where it is too large.</returns>
    private async Task<byte[]?> BodyAsync(HttpListenerRequest request)
    {
        var body = new byte[LargestBody + 1];
        var length = await request.InputStream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false).AsTask().WaitAsync(BodyPatience, time);
        return length > LargestBody ? null : body[..length];
    }

    private static TechnicianRequest? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, TechnicianJson.Default.TechnicianRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Protect(HttpListenerResponse response)
    {
        response.AddHeader("Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        response.AddHeader("X-Content-Type-Options", "nosniff");
        response.AddHeader("Referrer-Policy", "no-referrer");
        response.AddHeader("Cache-Control", "no-store");
    }

    private static void Settle(HttpListenerResponse response, string? problem)
    {
        if (problem is null)
            Answer(response, 200, Json, "{}"u8.ToArray());
        else
            Refuse(response, 409, problem);
    }

    private static void Refuse(HttpListenerResponse response, int code, string problem) =>
        Answer(response, code, Json, JsonSerializer.SerializeToUtf8Bytes(new(problem), TechnicianJson.Default.TechnicianAnswer));

    private static void Answer<T>(HttpListenerResponse response, T value, JsonTypeInfo<T> type) =>
        Answer(response, 200, Json, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static void Answer(HttpListenerResponse response, int code, string type, byte[] body)
    {
        response.StatusCode = code;
        response.ContentType = type;
        response.Close(body, willBlock: false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The technician's page could not answer {Path}; the counting goes on")]
    private partial void LogFault(string path, Exception fault);
}
