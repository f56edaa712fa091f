using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SmartDistrict.Edge.Technician;

namespace SmartDistrict.Edge.Tests.Technician;

public sealed class SecretsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Sync:Token", true)]
    [InlineData("Sync:TokenFile", false)]
    [InlineData("Broker:Password", true)]
    [InlineData("Broker:Tls:Key", false)]
    [InlineData("Vendor:ApiKey", true)]
    [InlineData("Otlp:Headers:Authorization", true)]
    [InlineData("Vendor:Secrets:0", true)]
    [InlineData("Status:Code", true)]
    [InlineData("Gateway:Id", false)]
    [InlineData("Broker:Host", false)]
    [InlineData("Sync:Url", false)]
    public void A_name_tells_whether_its_value_is_secret(string key, bool secret) => Assert.Equal(secret, Secrets.IsSecret(key));

    /// <summary>Wherever a secret turns up and in whichever form, it is taken out; the words around it stay.</summary>
    [Theory]
    [InlineData("plain-token-77")]
    [InlineData("with \"quotes\" & 'more' <tags>")]
    [InlineData("口令密码一二三")]
    [InlineData("per/cent%and+plus=")]
    public void A_secret_is_found_in_every_form_that_texts_give_it(string secret)
    {
        File.WriteAllText(folder.File("token"), secret + "\n");
        var secrets = Of(("Sync:TokenFile", folder.File("token")));
        foreach (var form in (string[])[secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret)[1..^1], Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))])
        {
            var shown = secrets.RemoveFrom($"the store said: {form} is wrong");
            Assert.DoesNotContain(form, shown, StringComparison.Ordinal);
            Assert.StartsWith("the store said: ", shown, StringComparison.Ordinal);
            Assert.EndsWith(" is wrong", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Passwords_in_addresses_and_private_keys_go_even_if_no_setting_names_them()
    {
        var secrets = Of();
        Assert.Equal("at https://•••@influx:8086/x it failed", secrets.RemoveFrom("at https://admin:pa55word@influx:8086/x it failed"));
        var pem = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIAbc\n-----END EC PRIVATE KEY-----";
        Assert.Equal("key: •••.", secrets.RemoveFrom($"key: {pem}."));
    }

    [Fact]
    public void A_secret_file_that_cannot_be_read_hides_nothing_and_stops_nothing()
    {
        var secrets = Of(("Sync:TokenFile", "/nowhere/token"), ("Broker:PasswordFile", folder.Path));
        Assert.Equal("as it is", secrets.RemoveFrom("as it is"));
    }

    private static Secrets Of(params (string Key, string Value)[] settings) => Secrets.Of(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build());
}
