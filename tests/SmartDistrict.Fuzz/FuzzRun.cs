using System.Globalization;

namespace SmartDistrict.Fuzz;

/// <summary>How a run ended.</summary>
/// <param name="Crashes">Inputs that ended otherwise than documented.</param>
/// <param name="Hangs">Inputs that took longer than the deadline; the first that does not end at all ends the run.</param>
/// <param name="GrowthMebibytes">The most by which managed memory or the resident set exceeded what they were after a tenth of the inputs.</param>
/// <param name="Understood">Inputs of which something was understood: all or none would say that the mutation teaches nothing.</param>
internal sealed record FuzzOutcome(string Target, int Inputs, int Crashes, int Hangs, double GrowthMebibytes, int Understood)
{
    private const double GrowthLimit = 64;
    private const int FewInputs = 1000;

    public bool Sound => Crashes == 0 && Hangs == 0 && GrowthMebibytes <= GrowthLimit && (Inputs < FewInputs || (Understood > Inputs / 50 && Understood < Inputs - Inputs / 50));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"fuzz {Target} inputs={Inputs} crashes={Crashes} hangs={Hangs} growth_mib={GrowthMebibytes:0.0}");
}

/// <summary>
/// Feeds a target with inputs. Input i depends on the seed and i alone, so that each can be had again by its number.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, int seed, TimeProvider time, TextWriter output)
{
    private const int ShownFindings = 20;
    private const int Stages = 10;

    /// <summary>The longest that one input may take, with other work on the machine; the slowest sound one takes some milliseconds.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> shown = [];
    private readonly TaskCompletionSource finished = new();
    private int current;
    private int crashes;
    private int hangs;
    private int understood;
    private (TimeSpan Took, int Input) slowest;
    private double growth;

    /// <summary>Feeds inputs <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1.</summary>
    public FuzzOutcome Run(int first, int count)
    {
        new Thread(() => Feed(first, count), maxStackSize: 1 << 20) { IsBackground = true, Name = "fuzz " + target.Name }.Start();
        // a thread that hangs cannot be ended, but it can be told of
        var (seen, since) = (-1, time.GetTimestamp());
        while (!finished.Task.Wait(TimeSpan.FromSeconds(1)))
        {
            var now = Volatile.Read(ref current);
            if (now != seen)
                (seen, since) = (now, time.GetTimestamp());
            else if (time.GetElapsedTime(since) > 4 * Deadline)
            {
                Show($"input {now} does not end");
                return new(target.Name, now - first, crashes, hangs + 1, growth, understood);
            }
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: {understood} of {count} inputs understood, slowest is {slowest.Input} with {slowest.Took.TotalMilliseconds:0.0} ms"));
        return new(target.Name, count, crashes, hangs, growth, understood);
    }

    private void Feed(int first, int count)
    {
        var stage = Math.Max(1, count / Stages);
        (double Managed, double Resident) before = default;
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && i % stage == 0)
                Measure(ref before, begin: i == stage);
            FeedOne(first + i);
        }
        if (count > stage)
            Measure(ref before, begin: false);
        finished.SetResult();
    }

    private void FeedOne(int number)
    {
        Volatile.Write(ref current, number);
        var random = new Random(HashCode(seed, number));
        var input = target.Next(random);
        var started = time.GetTimestamp();
        try
        {
            understood += target.Read(input, random) ? 1 : 0;
        }
        catch (Exception e)
        {
            crashes++;
            var place = (e.StackTrace ?? "").Split('\n').FirstOrDefault()?.Trim();
            Show($"{e.GetType().Name} {place}", $"input {number} ends with {e}");
        }
        var took = time.GetElapsedTime(started);
        if (took > slowest.Took)
            slowest = (took, number);
        if (took <= Deadline)
            return;
        hangs++;
        Show($"input {number} took {took}");
    }

    private void Measure(ref (double Managed, double Resident) before, bool begin)
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
        var resident = Environment.WorkingSet / 1048576.0;
        if (begin)
            before = (managed, resident);
        growth = Math.Max(growth, Math.Max(managed - before.Managed, resident - before.Resident));
    }

    private void Show(string kind, string? text = null)
    {
        if (shown.Count < ShownFindings && shown.Add(kind))
            output.WriteLine(text ?? kind);
    }

    /// <summary>The same in every process, unlike <see cref="System.HashCode"/>.</summary>
    private static int HashCode(int seed, int number)
    {
        var mixed = unchecked(((ulong)(uint)seed << 32 | (uint)number) * 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9);
        return (int)(mixed >> 33);
    }
}
