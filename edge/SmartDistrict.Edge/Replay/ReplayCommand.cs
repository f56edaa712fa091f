using SmartDistrict.Edge.Journal;

namespace SmartDistrict.Edge.Replay;

/// <summary><c>smartdistrict-edge replay</c>: what would have been counted with other settings.</summary>
internal static class ReplayCommand
{
    /// <returns>0 where both were folded, however they differ; 64 for a wrong call, 78 for settings that cannot be used, 1 for a journal that cannot.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        try
        {
            var report = Compare(ReplayArguments.Parse(arguments));
            report.Write(output);
            return 0;
        }
        catch (ReplayException e)
        {
            error.WriteLine(e.Message);
            return e.Code;
        }
        catch (Exception e) when (RunCommand.Explains(e) is { } text)
        {
            error.WriteLine(text);
            return RunCommand.ConfigurationError;
        }
    }

    /// <summary>Folds the same records with both settings, record by record, so that a gateway that goes on meanwhile gives neither more.</summary>
    private static ReplayReport Compare(ReplayArguments arguments)
    {
        var present = ReplaySettings.Present(arguments.Config, arguments.Data);
        var changed = ReplaySettings.Changed(arguments.Config, arguments.Data, arguments.With);
        var (from, to) = arguments.Range(present.District.TimeZone);
        var span = ReplaySpan.Find(Path.Combine(present.Gateway.Data, "journal"), from, to, Math.Max(present.Fold.LateHorizonDays, changed.Fold.LateHorizonDays));
        using var before = new ThrowAwayFold(present, span.First);
        using var after = new ThrowAwayFold(changed, span.First);
        using var reader = span.Read();
        try
        {
            while (reader.Last < span.Last && reader.TryRead(out var record))
            {
                before.Apply(record);
                after.Apply(record);
            }
        }
        catch (FileNotFoundException e)
        {
            throw new ReplayException($"the gateway has just removed {e.FileName}, its oldest records. Mend: run the replay again, or raise Journal:KeepBytes.", 1);
        }
        var report = new ReplayReport(arguments, present.District, (from, to), reader.Last - span.First + 1 - reader.Lost, reader.Lost,
            new(before.Totals, before.Windows(arguments.Resolution, from, to)), new(after.Totals, after.Windows(arguments.Resolution, from, to)));
        return report.Windows > 0 ? report : throw new ReplayException(
            $"the journal holds nothing of that time: {span.Describe(present.District.TimeZone)}. Mend: choose a time within it, or name another data folder with --data.", 1);
    }
}
