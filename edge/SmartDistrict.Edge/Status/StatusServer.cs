using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Technician;

namespace SmartDistrict.Edge.Status;

/// <summary>Answers <c>GET /status</c>, <c>/healthz</c> and <c>/metrics</c>, and lets the technician's page answer all else.</summary>
internal sealed partial class StatusServer : IDisposable
{
    private const string Json = "application/json; charset=utf-8";

    private readonly HttpListener listener = new();
    private readonly GatewayWatch watch;
    private readonly GatewayMeter meter;
    private readonly string data;
    private readonly ILogger log;
    private readonly TechnicianApi technician;
    private PrometheusText? metrics;
    private Task serving = Task.CompletedTask;
    private volatile bool stopping;

    /// <exception cref="HttpListenerException">The port is in use.</exception>
    public StatusServer(StatusOptions options, string data, GatewayWatch watch, GatewayMeter meter, TechnicianApi technician, ILogger<StatusServer> log)
    {
        this.watch = watch;
        this.meter = meter;
        this.data = data;
        this.technician = technician;
        this.log = log;
        var port = options.Port == 0 ? FreePort() : options.Port;
        Url = $"http://127.0.0.1:{port}/";
        // 0.0.0.0 holds loopback; beside another address what runs on this machine still finds the gateway
        listener.Prefixes.Add(options.Listen == "0.0.0.0" ? $"http://*:{port}/" : $"http://{options.Listen}:{port}/");
        if (options.Listen is not ("0.0.0.0" or "127.0.0.1"))
            listener.Prefixes.Add(Url);
        if (options.Listen != "0.0.0.0" && MayBeLocalhost(port))
            listener.Prefixes.Add($"http://localhost:{port}/");
        try
        {
            listener.Start();
        }
        catch (Exception e) when (e is HttpListenerException or SocketException)
        {
            throw new IOException(options.IsLoopback || options.Listen == "0.0.0.0"
                ? $"the status page's port {port} is in use: set Status:Port to a free one, or to 0"
                : $"the status page cannot listen on {options.Listen}, port {port} ({e.Message}): set Status:Listen to an address of this machine, Status:Port to a free one", e);
        }
        Note("status-url", Encoding.UTF8.GetBytes(Url + "status\n"));
    }

    public string Url { get; }

    public void Start() => serving = ServeAsync();

    /// <summary>Stops answering; the last word stands in the file <c>last-status.json</c> of the data folder.</summary>
    public void Dispose()
    {
        stopping = true;
        listener.Stop();
        serving.Wait();
        listener.Close();
        metrics?.Dispose();
        Note("last-status.json", JsonSerializer.SerializeToUtf8Bytes(watch.Now(), GatewayStatusJson.Default.GatewayStatus));
    }

    /// <summary>Writes a file whole or not at all. It helps those who look at the gateway; it stops nothing where the disk is full.</summary>
    private void Note(string name, byte[] content)
    {
        var path = Path.Combine(data, name);
        try
        {
            File.WriteAllBytes(path + ".new", content);
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(path, e.Message);
        }
    }

    /// <summary>Ends with the listener only: no request, however odd, keeps the next one from its answer.</summary>
    private async Task ServeAsync()
    {
        while (await NextAsync() is { } context)
            try
            {
                Answer(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // the asker went away, or what he sent was no request and is answered already
                context.Response.Abort();
            }
            catch (Exception e)
            {
                LogFault(context.Request.Url?.AbsolutePath ?? "", e);
                context.Response.Abort();
            }
    }

    /// <returns>Null where the listener has stopped.</returns>
    private async Task<HttpListenerContext?> NextAsync()
    {
        while (true)
            try
            {
                return await listener.GetContextAsync();
            }
            // the listener throws before it says that it has stopped
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                if (stopping || !listener.IsListening)
                    return null;
            }
    }

    private void Answer(HttpListenerContext context)
    {
        switch (context.Request.Url?.AbsolutePath)
        {
            case "/status" or "/metrics" when !technician.MayRead(context.Request):
                Answer(context.Response, 401, "text/plain; charset=utf-8", "sign in at /technician/ first\n"u8.ToArray());
                break;
            case "/status":
                Answer(context.Response, Json, () => (200, JsonSerializer.SerializeToUtf8Bytes(watch.Now(), GatewayStatusJson.Default.GatewayStatus)));
                break;
            case "/healthz":
                Answer(context.Response, Json, () =>
                {
                    var health = watch.Health();
                    return (health.State == Health.Failing ? 503 : 200, JsonSerializer.SerializeToUtf8Bytes(health, GatewayStatusJson.Default.Health));
                });
                break;
            case "/metrics":
                Answer(context.Response, PrometheusText.ContentType, () => (200, Encoding.UTF8.GetBytes((metrics ??= new PrometheusText(meter.Meter)).Render())));
                break;
            default:
                // what takes its time holds nobody up who asks whether the gateway lives
                _ = Task.Run(() => technician.AnswerAsync(context));
                break;
        }
    }

    private static void Answer(HttpListenerResponse response, string type, Func<(int Code, byte[] Body)> page)
    {
        int code;
        byte[] body;
        try
        {
            (code, body) = page();
        }
        catch (IOException e)
        {
            // a file of the system that could not be read now; the next question may be answered
            (code, type, body) = (500, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(e.Message + "\n"));
        }
        Answer(response, code, type, body);
    }

    private static void Answer(HttpListenerResponse response, int code, string type, byte[] body)
    {
        response.StatusCode = code;
        response.ContentType = type;
        response.Close(body, willBlock: false);
    }

    /// <summary>A browser, also one behind <c>ssh -L</c>, asks for localhost; the listener takes that name only on the first address it stands for.</summary>
    private static bool MayBeLocalhost(int port)
    {
        try
        {
            var first = Dns.GetHostAddresses("localhost")[0];
            if (first.Equals(IPAddress.Loopback))
                return true;
            using var probe = new TcpListener(first, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be written: {Reason}. Free disk space, or mend the file system")]
    private partial void LogUnwritten(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The status page could not answer {Path}; the counting goes on")]
    private partial void LogFault(string path, Exception fault);
}
