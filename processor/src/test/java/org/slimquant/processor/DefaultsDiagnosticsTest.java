package org.slimquant.processor;

import org.junit.jupiter.api.Test;

/** Messages about signs, and about annotations of classes. */
class DefaultsDiagnosticsTest {

  @Test
  void classWithoutLayers() {
    AnnotatedSource.check(
        """
        @QuantInt8(perChannel = true)
        > error at @: [QuantDefaults] the annotation of a class gives defaults to the layers that the class declares, but Model declares none; annotate its layer methods, or take the annotation away
        class Model {
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void valuesOfOneTensor() {
    AnnotatedSource.check(
        """
        @QuantInt8(frac = -7, kernelFrac = QuantInt8.CALIBRATED, outputFrac = -5, name = "x")
        > error at -7: [QuantDefaults] the annotation of a class must give no frac, because tensors of different ranges need different steps, but Model has frac; give it at the layers that need it
        > error at .: [QuantDefaults] the annotation of a class must give no frac, because tensors of different ranges need different steps, but Model has kernelFrac; give it at the layers that need it
        > error at -5: [QuantDefaults] the annotation of a class must give no frac, because tensors of different ranges need different steps, but Model has outputFrac; give it at the layers that need it
        > error at ": [QuantDefaults] the annotation of a class must give no name, which belongs to one input, but Model has one
        class Model {
          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  /** Once, at the class. */
  @Test
  void bitsOutOfRange() {
    AnnotatedSource.check(
        """
        @QuantInt8(bits = 1, kernelBits = 17, outputBits = 0)
        > error at 1: [QuantRange] bits must be between 2 and 16, but is 1
        > error at 17: [QuantRange] kernelBits must be between 2 and 16, but is 17
        > error at 0: [QuantRange] outputBits must be between 2 and 16, but is 0
        class Model {
          @QuantInt8
          Operand<TFloat32> conv1(@QuantInt8 Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(bits = 18)
        > error at 18: [QuantRange] bits must be between 2 and 16, but is 18
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void fracThatDoesNotSuitTheBitsOfTheClass() {
    AnnotatedSource.check(
        """
        @QuantInt8(bits = 16)
        class Model {
          @SuppressWarnings("PositiveFrac")
          @QuantInt8(outputFrac = 113)
        > error at 113: [QuantRange] outputFrac must be between -126 and 112 for 16 bits to stay within float32, but is 113
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }

          @SuppressWarnings("PositiveFrac")
          @QuantInt8(bits = 8, frac = 113)
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void fracBesideChannelsOfTheClass() {
    AnnotatedSource.check(
        """
        @QuantInt8(perChannel = true)
        class Model {
          @QuantInt8(frac = -4)
        > error at -4: [QuantPerChannel] a per-channel kernel, which the class asks for, must have its fracs from calibration, because one cannot suit channels that differ, but frac is -4; give the layer perChannel = false, or outputFrac in the place of frac
          Operand<TFloat32> add(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(kernelFrac = -7)
        > error at -7: [QuantPerChannel] a per-channel kernel, which the class asks for, must have its fracs from calibration, because one cannot suit channels that differ, but kernelFrac is -7; give the layer perChannel = false
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(outputFrac = -4)
          Operand<TFloat32> output(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = -4, perChannel = false)
          Operand<TFloat32> perTensor(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void signFromCalibrationBesideAFrac() {
    AnnotatedSource.check(
        """
        @QuantInt8(sign = Sign.CALIBRATED)
        class Model {
          @QuantInt8(outputFrac = -4, sign = Sign.CALIBRATED)
        > error at .: [QuantSign] a sign from calibration must have a frac from calibration, but outputFrac is -4; give SIGNED or UNSIGNED, or no sign, which is SIGNED with a frac
          Operand<TFloat32> conv1(
              @QuantInt8(frac = -7, sign = Sign.CALIBRATED) Operand<TFloat32> x) {
        > error at .: [QuantSign] a sign from calibration must have a frac from calibration, but frac is -7; give SIGNED or UNSIGNED, or no sign, which is SIGNED with a frac
            return x;
          }

          @QuantInt8(kernelFrac = -4, sign = Sign.CALIBRATED)
          Operand<TFloat32> conv2(@QuantInt8(frac = -7) Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void localClass() {
    AnnotatedSource.check(
        """
        class Model {
          void run() {
            @QuantInt8
            class Local {}
        > error at class: [QuantModel] a model must be visible in its package, but Local is local
          }
        }
        """);
  }

  @Test
  void noModels() {
    AnnotatedSource.check(
        """
        @QuantInt8
        > error at @: [QuantDefaults] the annotation of a class gives defaults to the layers that the class declares, but Net declares none; annotate its layer methods, or take the annotation away
        @interface Net {}

        @QuantInt8
        enum Nets {
        > error at enum: [QuantModel] a model must be a class or an interface, but Nets is an enum
          NET;

          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }
}
