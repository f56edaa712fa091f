using System.Globalization;

namespace SmartDistrict.Testing.Chaos;

/// <summary>Starts one gateway and kills it, again and again, at instants that chance chooses.</summary>
internal sealed class Reaper(ChaosGateway gateway, KillCount count, TimeProvider clock, Random random, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private long before;

    /// <summary>Kills until there were enough, and leaves the gateway running.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            gateway.Start();
            await LiveAsync(enough);
            var inFlight = gateway.Witness.InFlight > 0;
            var ended = gateway.Body.Ended;
            await gateway.Body.KillAsync();
            if (ended)
                await EndedByItselfAsync();
            else
                count.Killed(inFlight, acknowledged: gateway.Witness.Acknowledgements > before);
            if (!gateway.DiskIsFull && gateway.Body is ProcessBody)
                Damage();
        }
        gateway.Start();
    }

    /// <summary>A life: some end during the start, most within half a second of the first acknowledgement, some last for several checkpoints.</summary>
    private async Task LiveAsync(CancellationToken enough)
    {
        before = gateway.Witness.Acknowledgements;
        var start = clock.GetTimestamp();
        if (random.NextDouble() < 0.15)
        {
            await Task.Delay(gateway.Body.StartTime * random.NextDouble(), clock, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        // a full disk, a broker that is away: there may be nothing to acknowledge
        while (gateway.Witness.Acknowledgements == before && !enough.IsCancellationRequested && clock.GetElapsedTime(start) < 8 * gateway.Body.StartTime && !gateway.Body.Ended)
            await Task.Delay(Look, clock, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() < 0.1 ? random.Next(4000) : random.Next(500)), clock, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndedByItselfAsync()
    {
        count.EndedByItself(gateway.DiskWasFull);
        if (!gateway.DiskWasFull)
            tell($"{gateway.Id} ended by itself in life {gateway.Witness.Life}");
        await Task.Delay(TimeSpan.FromMilliseconds(200), clock);
    }

    /// <summary>Now and then the kill was a power cut that tore the last write, or a bit of the disk is found turned over.</summary>
    private void Damage()
    {
        var draw = random.NextDouble();
        if (draw < 0.2)
            count.Torn(JournalFiles.TearTail(gateway.Journal, random));
        else if (draw < 0.23)
        {
            // the last commit is spared: what is damaged in it cannot be told from a write that a power cut tore, which nobody was told of
            var unfolded = JournalFiles.Read(gateway.Journal, gateway.Folded() + 1);
            if (unfolded.Count > 0 && unfolded[^1].Commit is var last)
                unfolded.RemoveAll(entry => entry.Commit == last);
            if (unfolded.Count == 0)
                return;
            var entry = unfolded[random.Next(unfolded.Count)];
            JournalFiles.Flip(entry, random);
            gateway.Destroyed.Add(gateway.Ledger.Find(entry.Payload.Span));
        }
    }
}

/// <summary>What the reapers of several gateways did.</summary>
/// <param name="enough">Kills after which <see cref="Reached"/> completes.</param>
internal sealed class KillCount(int enough)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => enough == 0 ? Task.CompletedTask : reached.Task;

    public int Kills { get; private set; }

    /// <summary>Kills while readings were at the gateway and not acknowledged.</summary>
    public int WithReadingsInFlight { get; private set; }

    /// <summary>Kills before the first acknowledgement of that life.</summary>
    public int DuringStart { get; private set; }

    public int TornFiles { get; private set; }

    /// <summary>Starts that failed because the disk was full.</summary>
    public int NoRoom { get; private set; }

    /// <summary>Times that a gateway ended although nobody killed it and its disk had room.</summary>
    public int Ended { get; private set; }

    public void Killed(bool inFlight, bool acknowledged)
    {
        lock (gate)
        {
            Kills++;
            WithReadingsInFlight += inFlight ? 1 : 0;
            DuringStart += acknowledged ? 0 : 1;
            if (Kills == enough)
                reached.SetResult();
        }
    }

    public void EndedByItself(bool diskIsFull)
    {
        lock (gate)
        {
            NoRoom += diskIsFull ? 1 : 0;
            Ended += diskIsFull ? 0 : 1;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills}, {WithReadingsInFlight} of them with readings in flight, {DuringStart} before the first acknowledgement of a life");

    public void Torn(bool torn)
    {
        lock (gate)
            TornFiles += torn ? 1 : 0;
    }
}
