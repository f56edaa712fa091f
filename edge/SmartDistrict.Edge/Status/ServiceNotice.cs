using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace SmartDistrict.Edge.Status;

/// <summary>
/// Tells the service manager how the gateway stands: sd_notify(3), datagrams to <c>NOTIFY_SOCKET</c>. Where systemd asks for a
/// watchdog (<c>WATCHDOG_USEC</c>, sd_watchdog_enabled(3)) it is fed at half its interval, and only while the flow is alive: a
/// gateway that answers and folds nothing is started again. A fault that is told and tried again, such as a full disk, is no
/// reason to be killed: a restart would not mend it.
/// </summary>
internal sealed partial class ServiceNotice : IDisposable
{
    private static readonly TimeSpan StatusPace = TimeSpan.FromSeconds(15);

    /// <summary>The kernel keeps a few unread datagrams (<c>net.unix.max_dgram_qlen</c>); a manager that reads none must not hold up the gateway.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    private readonly Socket? socket;
    private readonly UnixDomainSocketEndPoint? manager;
    private readonly Func<string?> stuck;
    private readonly Func<string> headline;
    private readonly TimeSpan pace;
    private readonly bool watched;
    private readonly ITimer turn;
    private readonly ILogger log;
    private string? told;

    /// <param name="variables">Environment variables by name.</param>
    /// <param name="stuck">Why the flow stands still; null while it is alive.</param>
    /// <param name="headline">One line for <c>systemctl status</c>.</param>
    public ServiceNotice(Func<string, string?> variables, Func<string?> stuck, Func<string> headline, TimeProvider time, ILogger log)
    {
        this.stuck = stuck;
        this.headline = headline;
        this.log = log;
        turn = time.CreateTimer(_ => Turn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (variables("NOTIFY_SOCKET") is not { Length: > 1 } path || path[0] is not ('/' or '@'))
            return;
        // a name in the abstract namespace is given with '@' and used with a zero byte
        manager = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = (int)Longest.TotalMilliseconds };
        var mine = variables("WATCHDOG_PID") is not { Length: > 0 } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        watched = mine && long.TryParse(variables("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0;
        pace = watched ? TimeSpan.FromMicroseconds(long.Parse(variables("WATCHDOG_USEC")!, CultureInfo.InvariantCulture)) / 2 : StatusPace;
    }

    /// <summary>The flow runs.</summary>
    public void Ready()
    {
        if (socket is null)
            return;
        Send($"READY=1\nSTATUS={OneLine(headline())}");
        turn.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The flow is about to end in its order.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=storing and synchronising what was taken in");

    public void Dispose()
    {
        turn.Dispose();
        socket?.Dispose();
    }

    private void Turn()
    {
        if (stuck() is { } why)
        {
            if (watched)
                LogStuck(why);
            Send($"STATUS=stuck: {OneLine(why)}");
        }
        else
        {
            if (watched)
                Send("WATCHDOG=1");
            var line = OneLine(headline());
            if (line != told)
                Send($"STATUS={line}");
            told = line;
        }
        turn.Change(pace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A line feed would begin another variable.</summary>
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string state)
    {
        try
        {
            socket?.SendTo(Encoding.UTF8.GetBytes(state), manager!);
        }
        catch (SocketException e)
        {
            LogUnheard(e.Message);
        }
        catch (ObjectDisposedException)
        {
            // the last turn of the timer, after the end
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The watchdog is not fed: {Why}. The service manager will start the gateway again; nothing acknowledged is lost")]
    private partial void LogStuck(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service manager does not hear the gateway: {Reason}")]
    private partial void LogUnheard(string reason);
}
