using Jstp.Client.Tests.Servers;

namespace Jstp.Client.Tests.Connections;

public sealed class OurServerTests(OurServer server) : ClientContract(server), IClassFixture<OurServer>;
