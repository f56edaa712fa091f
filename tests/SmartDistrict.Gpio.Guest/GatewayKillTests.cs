using System.Diagnostics;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Journal;

namespace SmartDistrict.Gpio.Guest;

/// <summary>The gateway as a process of its own, which is killed.</summary>
public sealed class GatewayKillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public void Edges_older_than_the_commit_time_survive_a_kill_and_the_next_life_begins_with_the_levels_of_then()
    {
        const int sent = 101;
        using var doorway = new Doorway(debounceMs: 0);
        using var chip = Doorway.Wire();
        using (var first = new Life(doorway))
        {
            // the first edges of a process wait for its compiler, which an emulated processor does not hurry
            chip.Pull(0, 1);
            chip.Pull(0, 0);
            first.MustGoOn(TimeSpan.FromSeconds(3));
            for (var i = 3; i <= sent; i++)
                chip.Pull(0, i & 1);
            first.KillWhenCommitted();
        }
        chip.Pull(1, 1);
        using (var second = new Life(doorway))
        {
            second.MustGoOn(TimeSpan.FromSeconds(3));
            second.KillWhenCommitted();
        }

        using var journal = Journal.Open(Path.Combine(doorway.Data, "journal"), new JournalOptions(), new GatewayClock(TimeProvider.System), 1, 0);
        var east = Doorway.Notices(journal, "east");
        var edges = Doorway.Edges(east);
        var lost = east.Select(notice => notice.Notice).OfType<GpioNotice.Lost>().Sum(notice => notice.Counts["a"]);
        Assert.Equal(sent, edges.Count + lost);
        Assert.Equal(1, edges[^1].Level);
        var starts = east.Select(notice => notice.Notice).OfType<GpioNotice.Start>().Select(start => (start.Cause, start.Levels["a"], start.Levels["b"]));
        Assert.Equal([("gateway started", 0, 0), ("gateway started", 1, 1)], starts);
        Console.WriteLine($"gpio edges before a kill: sent={sent} received={edges.Count} lost={lost}");
    }

    /// <summary>One run of the gateway.</summary>
    private sealed class Life : IDisposable
    {
        private readonly Process process;
        private readonly List<string> said = [];

        public Life(Doorway doorway)
        {
            process = new Process { StartInfo = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true } };
            foreach (var argument in (string[])[typeof(IDriver).Assembly.Location, "run", "--Gateway:Id=gw-1", $"--Gateway:District={doorway.District}",
                $"--Gateway:Profiles={doorway.Profiles}", $"--Gateway:Data={doorway.Data}", "--Sync:Url=http://127.0.0.1:9", "--Sync:Api=V1", "--Sync:Database=none"])
                process.StartInfo.ArgumentList.Add(argument);
            process.OutputDataReceived += Hear;
            process.ErrorDataReceived += Hear;
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            Assert.True(SpinWait.SpinUntil(() => Count("its edges are counted from here on") == 2, Patience), Said());
        }

        /// <summary>Kills it after the time within which it commits: 50 ms, at the speed of an emulated machine on a busy host.</summary>
        public void KillWhenCommitted()
        {
            MustGoOn(TimeSpan.FromSeconds(2));
            process.Kill();
            process.WaitForExit(Patience);
        }

        public void MustGoOn(TimeSpan time) => Assert.False(process.WaitForExit(time), Said());

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        private void Hear(object sender, DataReceivedEventArgs line)
        {
            lock (said)
                said.Add(line.Data ?? "");
        }

        private int Count(string text)
        {
            lock (said)
                return said.Count(line => line.Contains(text, StringComparison.Ordinal));
        }

        private string Said()
        {
            lock (said)
                return "the gateway does not run as it should. It said:\n" + string.Join('\n', said);
        }
    }
}
