using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Status;

namespace SmartDistrict.Edge;

// The limits stand beside the settings; the checks are generated from them, so nothing is reflected on at the start.

[OptionsValidator]
internal sealed partial class GatewayOptionsCheck : IValidateOptions<GatewayOptions>;

[OptionsValidator]
internal sealed partial class BrokerOptionsCheck : IValidateOptions<BrokerOptions>;

[OptionsValidator]
internal sealed partial class JournalOptionsCheck : IValidateOptions<JournalOptions>;

[OptionsValidator]
internal sealed partial class FoldOptionsCheck : IValidateOptions<FoldOptions>;

[OptionsValidator]
internal sealed partial class StatusOptionsCheck : IValidateOptions<StatusOptions>;

[OptionsValidator]
internal sealed partial class OtlpOptionsCheck : IValidateOptions<OtlpOptions>;
