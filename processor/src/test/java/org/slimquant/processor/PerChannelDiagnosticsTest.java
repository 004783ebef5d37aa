package org.slimquant.processor;

import org.junit.jupiter.api.Test;

/** Messages about kernels with channels. */
class PerChannelDiagnosticsTest {

  @Test
  void kernelWithFrac() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7, perChannel = true)
        > error at true: [QuantPerChannel] a per-channel kernel must have its fracs from calibration, because one cannot suit channels that differ, but frac is -7
          Operand<TFloat32> frac(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(perChannel = true, kernelFrac = -9)
        > error at true: [QuantPerChannel] a per-channel kernel must have its fracs from calibration, because one cannot suit channels that differ, but kernelFrac is -9
          Operand<TFloat32> kernelFrac(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(perChannel = true, outputFrac = -5)
          Operand<TFloat32> outputFrac(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void input() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8
          Operand<TFloat32> conv1(@QuantInt8(perChannel = true) Operand<TFloat32> x) {
        > error at true: [QuantInput] an input must have one format, of bits and frac, but x has perChannel
            return x;
          }
        }
        """);
  }
}
