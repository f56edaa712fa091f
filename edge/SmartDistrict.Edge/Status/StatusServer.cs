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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be written: {Reason}. Free disk space, or mend the file system")]
    private partial void LogUnwritten(string path, string reason);

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            // the listener throws before it says that it has stopped
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException && (stopping || !listener.IsListening))
            {
                return;
            }
            try
            {
                Answer(context);
            }
            catch (HttpListenerException)
            {
                // the asker went away
            }
            catch (IOException e)
            {
                // a file of the system that could not be read now; the next question may be answered
                Answer(context, 500, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(e.Message + "\n"));
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        switch (context.Request.Url?.AbsolutePath)
        {
            case "/status" or "/metrics" when !technician.MayRead(context.Request):
                Answer(context, 401, "text/plain; charset=utf-8", "sign in at /technician/ first\n"u8.ToArray());
                break;
            case "/status":
                Answer(context, 200, Json, JsonSerializer.SerializeToUtf8Bytes(watch.Now(), GatewayStatusJson.Default.GatewayStatus));
                break;
            case "/healthz":
                var health = watch.Health();
                Answer(context, health.State == Health.Failing ? 503 : 200, Json, JsonSerializer.SerializeToUtf8Bytes(health, GatewayStatusJson.Default.Health));
                break;
            case "/metrics":
                Answer(context, 200, PrometheusText.ContentType, Encoding.UTF8.GetBytes((metrics ??= new PrometheusText(meter.Meter)).Render()));
                break;
            default:
                // what takes its time holds nobody up who asks whether the gateway lives
                _ = Task.Run(() => technician.AnswerAsync(context));
                break;
        }
    }

    private static void Answer(HttpListenerContext context, int code, string type, byte[] body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        context.Response.Close(body, willBlock: false);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
