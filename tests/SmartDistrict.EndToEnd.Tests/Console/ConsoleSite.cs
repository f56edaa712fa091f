using System.Net;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using SmartDistrict.Configuration;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Testing;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>
/// What the tests of the pages of one collection share: a cloud service with the harbour's past in an InfluxDB and its present
/// on a broker, and a browser. A page's test is a class in <see cref="OperatorPages"/> or <see cref="AnalystPages"/> with a case
/// for <see cref="EveryScreen"/> that calls <see cref="VisitAsync"/>; what it changes at the service, it puts back.
/// </summary>
public sealed class ConsoleSite : IAsyncLifetime
{
    /// <summary>Half of what Web Vitals call good.</summary>
    private const double MostLayoutShift = 0.05;

    private static readonly AxeRunOptions Wcag22 = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") };

    private readonly TemporaryFolder folder = new();
    private InfluxServer influx = null!;
    private MosquittoBroker broker = null!;
    private SeededDistrict district = null!;
    private ConsoleBrowser browser = null!;

    internal CloudProcess Cloud { get; private set; } = null!;

    internal InfluxServer Influx => influx;

    internal District District => district.District;

    internal SeededHealth Health { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        influx = await InfluxServer.StartNewAsync();
        broker = await MosquittoBroker.StartNewAsync();
        var file = HarbourWithChip();
        district = new SeededDistrict(DistrictFile.Load(file), TimeProvider.System);
        await district.WritePastAsync(influx);
        Health = new(District, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var (status, answer) = await influx.WriteAsync(string.Join('\n', Health.Lines()));
        Assert.True(status == HttpStatusCode.NoContent, answer);
        Cloud = await CloudProcess.StartAsync(folder, broker.Port, influx, file);
        await Cloud.SignInAsync();
        district.BeginPresent(broker.Port);
        // who follows a link to an alarm must find it
        await Waiting.UntilAsync(
            async () => await Cloud.Client.GetStringAsync("api/v1/alarms", TestContext.Current.CancellationToken) is var alarms
                && Health.Blind.Append(Health.Stuck).All(device => alarms.Contains($"\"{device.Id}\"", StringComparison.Ordinal)) ? alarms : null,
            () => "the alarms of the sensors in doubt are not raised");
        browser = await ConsoleBrowser.StartAsync();
    }

    /// <summary>
    /// Opens a page signed in, waits until it shows its content, lets the test use it, keeps a screenshot, and fails on what no
    /// page may do: errors in the browser's console, violations of WCAG 2.2 AA, content wider than the screen, or a layout that shifts.
    /// </summary>
    /// <param name="screen">Language, size and theme.</param>
    /// <param name="what">Names the screenshot: <c>TestResults/screenshots/WHAT-SCREEN.png</c>.</param>
    /// <param name="link">Path and query within the console, such as <c>/history?zone=pier-plaza</c>.</param>
    /// <param name="use">What the test does and expects there.</param>
    /// <param name="excused">A console error that contains this is expected: the browser reports refused requests itself.</param>
    /// <param name="prepare">What the test arranges before the browser goes there, such as a route that answers in the service's stead.</param>
    internal async Task VisitAsync(
        Screen screen, string what, string link, Func<PageVisit, Task>? use = null, string? excused = null, Func<PageVisit, Task>? prepare = null)
    {
        await using var visit = await OpenAsync(screen);
        if (prepare is not null)
            await prepare(visit);
        await visit.GoAsync(link);
        if (use is not null)
            await use(visit);
        await visit.SaveAsync(what);
        var axe = await visit.Page.RunAxe(Wcag22);
        Assert.True(axe.Violations.Length == 0, $"{what} on {screen}:\n" + string.Join('\n', axe.Violations.Select(Tell)));
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{what} is wider than {screen}");
        Assert.DoesNotContain(visit.Faults, fault => excused is null || !fault.Contains(excused, StringComparison.Ordinal));
        var measured = await visit.MeasuredAsync();
        Assert.True(measured.LayoutShift <= MostLayoutShift, $"{what} on {screen} jumps: layout shift {measured.LayoutShift:0.000}");
        TestContext.Current.SendDiagnosticMessage("{0} on {1}: first paint {2:0} ms, layout shift {3:0.0000}", what, screen, measured.FirstPaint, measured.LayoutShift);
    }

    /// <summary>A window with nothing in it yet, signed in.</summary>
    internal Task<PageVisit> OpenAsync(Screen screen) => browser.VisitAsync(screen, Cloud);

    public async ValueTask DisposeAsync()
    {
        // a start that failed left the rest unset
        foreach (var part in new IAsyncDisposable?[] { browser, district, Cloud, broker, influx })
            if (part is not null)
                await part.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The harbour with a sensor chip more, as a file with all that lies beside it.</summary>
    private string HarbourWithChip()
    {
        foreach (var path in (string[])["districts/harbour.yaml", "districts/plans/harbour-mall.svg", .. Directory.GetFiles(RepositoryFiles.Path("firmware-config", "profiles")).Select(path => "profiles/" + Path.GetFileName(path))])
        {
            var copy = folder.File([.. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(RepositoryFiles.Path(["firmware-config", .. path.Split('/')]), copy);
        }
        var file = folder.File("districts", "harbour.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\nlockers:\n", $"\n  - {{id: cabinet-01, gateway: gw-1, profile: environment, sensor: {{chip: sht3x, at: 1-0044}}}}\nlockers:\n", StringComparison.Ordinal));
        return file;
    }

    private static string Tell(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help} {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html + " " + string.Join(' ', node.Any.Select(check => check.Message))))}";
}
