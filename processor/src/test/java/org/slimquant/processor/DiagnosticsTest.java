package org.slimquant.processor;

import org.junit.jupiter.api.Test;

/** All kinds of messages in one run. */
class DiagnosticsTest {

  @Test
  void everythingInOneRun() {
    AnnotatedSource.check(
        """
        final class Model {
        > error at class: [QuantModel] a model must be open to a subclass, but Model is final
        > error at class: [QuantModel] a model must have a constructor that a subclass can call, but all those of Model are private or take private types
          private Model(@QuantInt8(frac = -7) int x) {}
        > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to a constructor

          @QuantInt8(bits = 32, frac = 1000)
        > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
        > error at 1000: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 1000
          private static final Operand<TFloat64> _conv1(@QuantInt8(bits = 64, frac = 7) float kernel) {
        > error at _conv1: [QuantLayer] a layer must be visible to a subclass, but _conv1 is private
        > error at _conv1: [QuantLayer] a layer must be an instance method, but _conv1 is static
        > error at _conv1: [QuantLayer] a layer must be open to an override, but _conv1 is final
        > error at _conv1: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but _conv1 returns Operand<TFloat64>
        > error at _conv1: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is _conv1
        > error at kernel: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but kernel is of type float
        > error at kernel: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is kernel
        > error at 64: [QuantRange] bits must be between 2 and 16, but is 64
            return null;
          }
        }

        class Other {
          void run(@QuantInt8(frac = -7) Operand<TFloat32> x) {}
        > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to run, which is no layer
        }
        """);
  }
}
