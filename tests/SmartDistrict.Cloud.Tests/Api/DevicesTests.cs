using System.Net;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class Devices
{
    [Fact]
    public async Task Are_live_silent_or_unknown_by_when_they_were_last_heard()
    {
        await using var app = new CloudApp();
        using var written = await app.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body(
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen={(app.Now - 299) * 1000}i,readings=1i {app.Now - 300}\n"
            + $"device_health,district=harbour,gateway=gw-1,device=cam-2 last_seen={(app.Now - 301) * 1000}i,readings=1i {app.Now - 360}"));
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
        Assert.Equal(
            $$"""[{"id":"cam-1","gateway":"gw-1","profile":"native","lines":["ln-1","ln-2"],"lastSeen":{{(app.Now - 299) * 1000}},"silentSeconds":299,"state":"live"},"""
            + $$"""{"id":"cam-2","gateway":"gw-1","profile":"native","lines":["ln-3"],"lastSeen":{{(app.Now - 301) * 1000}},"silentSeconds":301,"state":"silent"},"""
            + """{"id":"cam-3","gateway":"gw-2","profile":"native","lines":["ln-4"],"lastSeen":null,"silentSeconds":null,"state":"unknown"}]""",
            (await app.Operator().JsonAsync("/api/v1/devices")).GetRawText());
    }
}
