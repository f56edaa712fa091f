using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace SmartDistrict.Edge.Status;

/// <summary>Answers <c>GET /status</c> and <c>GET /healthz</c> on the loopback interface.</summary>
internal sealed class StatusServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Func<GatewayStatus> status;
    private readonly string data;
    private Task serving = Task.CompletedTask;

    /// <exception cref="HttpListenerException">The port is in use.</exception>
    public StatusServer(StatusOptions options, string data, Func<GatewayStatus> status)
    {
        this.status = status;
        this.data = data;
        var port = options.Port == 0 ? FreePort() : options.Port;
        Url = $"http://127.0.0.1:{port}/";
        listener.Prefixes.Add(Url);
        try
        {
            listener.Start();
        }
        catch (Exception e) when (e is HttpListenerException or SocketException)
        {
            throw new IOException($"the status page's port {port} is in use: set Status:Port to a free one, or to 0", e);
        }
        File.WriteAllText(Path.Combine(data, "status-url"), Url + "status\n");
    }

    public string Url { get; }

    public void Start() => serving = ServeAsync();

    /// <summary>Stops answering; the last word stands in the file <c>last-status.json</c> of the data folder.</summary>
    public void Dispose()
    {
        listener.Stop();
        serving.Wait();
        listener.Close();
        File.WriteAllBytes(Path.Combine(data, "last-status.json"), JsonSerializer.SerializeToUtf8Bytes(status(), GatewayStatusJson.Default.GatewayStatus));
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException && !listener.IsListening)
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
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var response = context.Response;
        var path = context.Request.Url?.AbsolutePath;
        if (path is "/status" or "/healthz")
        {
            var now = status();
            response.StatusCode = path == "/healthz" && now.State != "ok" ? 503 : 200;
            response.ContentType = "application/json; charset=utf-8";
            response.Close(JsonSerializer.SerializeToUtf8Bytes(now, GatewayStatusJson.Default.GatewayStatus), willBlock: false);
            return;
        }
        response.StatusCode = 404;
        response.ContentType = "text/plain; charset=utf-8";
        response.Close("there is /status and /healthz\n"u8.ToArray(), willBlock: false);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
