using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Edge.Status;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Status;

/// <summary>What systemd hears, on a real datagram socket: in the file system and in the abstract namespace.</summary>
public sealed class ServiceNoticeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new();
    private readonly Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
    private readonly Dictionary<string, string> variables = [];
    private string? stuck;
    private string headline = "works";

    public void Dispose()
    {
        manager.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_hears_that_the_gateway_is_ready_alive_and_stopping(bool isAbstract)
    {
        using var notice = Notice(isAbstract, watchdogSeconds: 60);
        notice.Ready();
        Assert.Equal("READY=1\nSTATUS=works", Heard());
        time.Advance(TimeSpan.Zero);
        Assert.Equal("WATCHDOG=1", Heard());
        Assert.Equal("STATUS=works", Heard());
        time.Advance(TimeSpan.FromSeconds(29));
        Silence();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("WATCHDOG=1", Heard());
        Silence(); // the same status is not told twice
        headline = "mqtt: the broker\nis away";
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("WATCHDOG=1", Heard());
        Assert.Equal("STATUS=mqtt: the broker is away", Heard());
        notice.Stopping();
        Assert.StartsWith("STOPPING=1\nSTATUS=", Heard(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_that_stands_still_is_not_fed_until_it_moves_again()
    {
        using var notice = Notice(isAbstract: true, watchdogSeconds: 60);
        notice.Ready();
        Heard();
        stuck = "the fold has stood still";
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("STATUS=stuck: the fold has stood still", Heard());
        Assert.Equal("STATUS=stuck: the fold has stood still", Heard());
        Assert.Equal("STATUS=stuck: the fold has stood still", Heard());
        Silence();
        stuck = null;
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("WATCHDOG=1", Heard());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("60000000", "1")] // of another process
    [InlineData("0", null)]
    [InlineData("soon", null)]
    public void No_watchdog_is_fed_that_nobody_asked_for(string? microseconds, string? pid)
    {
        using var notice = Notice(isAbstract: true, watchdogSeconds: null, microseconds, pid);
        notice.Ready();
        Heard();
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("STATUS=works", Heard());
        Silence();
    }

    [Fact]
    public void Without_systemd_nothing_is_said_and_nothing_breaks()
    {
        using var notice = new ServiceNotice(_ => null, () => null, () => throw new InvalidOperationException("nobody asked"), time, NullLogger.Instance);
        notice.Ready();
        time.Advance(TimeSpan.FromMinutes(5));
        notice.Stopping();
    }

    [Fact]
    public void A_manager_that_is_gone_stops_nothing()
    {
        using var notice = Notice(isAbstract: false, watchdogSeconds: 60);
        manager.Dispose();
        notice.Ready();
        time.Advance(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_manager_that_reads_nothing_is_not_waited_for()
    {
        using var notice = Notice(isAbstract: true, watchdogSeconds: 60);
        await Task.Run(() =>
        {
            notice.Ready();
            for (var unread = 0; unread < QueueLength() + 2; unread++)
                time.Advance(TimeSpan.FromSeconds(30));
            notice.Stopping();
        }, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        static int QueueLength() => int.Parse(File.ReadAllText("/proc/sys/net/unix/max_dgram_qlen"), System.Globalization.CultureInfo.InvariantCulture);
    }

    private ServiceNotice Notice(bool isAbstract, int? watchdogSeconds, string? microseconds = null, string? pid = null)
    {
        var name = isAbstract ? "smartdistrict-" + Guid.NewGuid() : folder.File("notify");
        manager.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + name : name));
        variables["NOTIFY_SOCKET"] = isAbstract ? '@' + name : name;
        if ((microseconds ?? (watchdogSeconds is { } seconds ? $"{seconds}000000" : null)) is { } given)
            variables["WATCHDOG_USEC"] = given;
        if ((pid ?? $"{Environment.ProcessId}") is { } process)
            variables["WATCHDOG_PID"] = process;
        return new ServiceNotice(variables.GetValueOrDefault, () => stuck, () => headline, time, NullLogger.Instance);
    }

    private string Heard()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
    }

    private void Silence() => Assert.Equal(0, manager.Available);
}
