using Microsoft.Extensions.Configuration;
using SmartDistrict.Edge.Sync;

namespace SmartDistrict.Edge.Tests.Sync;

public sealed class SyncOptionsTests
{
    [Fact]
    public void The_smallest_settings_of_each_interface_are_enough()
    {
        Assert.Empty(Problems(("Url", "http://127.0.0.1:8086"), ("Api", "v1"), ("Database", "district")));
        Assert.Empty(Problems(("Url", "https://cloud.example"), ("Org", "o"), ("Bucket", "b")));
    }

    [Theory]
    [InlineData("Url", "", "Sync:Url is ''")]
    [InlineData("Url", "influx:8086", "Sync:Url is 'influx:8086'")]
    [InlineData("Url", "ftp://influx", "Sync:Url is 'ftp://influx'")]
    [InlineData("Url", "http://gw:secret@influx", "Sync:Url holds credentials")]
    [InlineData("Url", "http://influx/?db=x", "Sync:Url has a query")]
    [InlineData("Database", "", "Sync:Database is missing")]
    [InlineData("TokenFile", "/nowhere", "Sync:TokenFile, Sync:Org and Sync:Bucket belong to Sync:Api V2")]
    [InlineData("User", "gw", "Sync:User and Sync:PasswordFile go together")]
    [InlineData("User", "g:w", "colon")]
    [InlineData("PasswordFile", "/nowhere/password", "Sync:PasswordFile names /nowhere/password, which does not exist")]
    [InlineData("BatchLines", "0", "Sync:BatchLines is 0: 1 to 50000")]
    [InlineData("Connections", "9", "Sync:Connections is 9: 1 to 8")]
    [InlineData("MaxRows", "10", "Sync:MaxRows is 10")]
    [InlineData("MaxBytes", "10", "Sync:MaxBytes is 10")]
    [InlineData("RequestTimeout", "00:00:00", "Sync:RequestTimeout is 00:00:00")]
    [InlineData("MaxPause", "00:00:00.5", "Sync:MaxPause is 00:00:00.5")]
    [InlineData("DrainTimeout", "1.00:00:00", "Sync:DrainTimeout is 1.00:00:00")]
    public void Each_wrong_setting_is_named_with_its_mend(string setting, string value, string problem) =>
        Assert.Contains(Problems(("Url", "http://127.0.0.1:8086"), ("Api", "v1"), ("Database", "district"), (setting, value)),
            told => told.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void A_setting_of_the_other_interface_is_told()
    {
        Assert.Contains(Problems(("Url", "http://x"), ("Org", "o"), ("Bucket", "b"), ("Database", "d")), told => told.Contains("belong to Sync:Api V1", StringComparison.Ordinal));
        Assert.Contains(Problems(("Url", "http://x"), ("Org", "o")), told => told.Contains("Sync:Org and Sync:Bucket are needed", StringComparison.Ordinal));
    }

    private static List<string> Problems(params (string Setting, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (setting, value) in settings)
            configuration["Sync:" + setting] = value;
        var options = new SyncOptions();
        configuration.GetSection("Sync").Bind(options);
        return [.. SyncOptionsCheck.Problems(options)];
    }
}
