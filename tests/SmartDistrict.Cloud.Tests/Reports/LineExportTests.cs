using Microsoft.AspNetCore.Http;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Reports;
using SmartDistrict.Cloud.Tests.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Numbers;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Reports;

public sealed class ABulkExport
{
    [Fact]
    public async Task Of_a_year_is_sent_as_it_is_read_and_ends_when_its_reader_goes()
    {
        var district = TestDistrict.Load();
        var (topology, day, clock) = (new Topology(district), new BusinessDay(district), new ManualTimeProvider(new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var (store, periods) = (new EmptyStore(), new Periods(day, district.TimeZone));
        using var gone = new CancellationTokenSource();
        var context = new DefaultHttpContext { Response = { Body = new Reader(gone) } };
        var export = new LineExport(
            new FootfallReader(store, new HotWindows(topology, clock, 1), new StoreHealth(clock), topology, day, clock), topology, periods, new LineFactors(district, NumbersSite.NoFactors), district, clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => export.WriteAsync(periods.Find("2026")!, Resolution.QuarterHour, context.Response, gone.Token));

        // the first piece is full after a day or two of 365
        Assert.InRange(store.Reads, 1, 4);
    }

    /// <summary>Takes the first piece and goes.</summary>
    private sealed class Reader(CancellationTokenSource gone) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            gone.Cancel();
            return ValueTask.CompletedTask;
        }
    }
}
