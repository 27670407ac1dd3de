using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Binds the arguments, runs the user's method and hands its outcome to the frame. Compiled once per method.</summary>
/// <param name="target">The instance or delegate to run.</param>
/// <param name="arguments">A reader positioned on the start of the argument array.</param>
/// <param name="frame">The call being dispatched.</param>
/// <exception cref="MdsfConversionException">An argument does not fit its parameter.</exception>
internal delegate void MethodInvoker(object target, ref MdsfReader arguments, CallFrame frame);
