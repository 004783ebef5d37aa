package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slimquant.format.BiasFormat;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.testing.GraphWithLayers;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** The graph before and after a layer is quantized. */
final class GraphQuantizerTest extends GraphWithLayers {

  @Test
  void convolution() {
    Placeholder<TFloat32> x = image();
    Variable<TFloat32> kernel = kernel(3, 3, 1, 4);
    Variable<TFloat32> bias = tf.withName("bias").variable(Shape.of(4), TFloat32.class);

    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("conv1", KERNEL, OUTPUT),
            () ->
                tf.nn.relu(
                    tf.nn.biasAdd(
                        tf.nn.conv2d(
                            quantizer.input(new QuantizedInput("images", KERNEL), x),
                            kernel,
                            STRIDES,
                            "SAME"),
                        bias)));

    assertThat(y.op().name()).isEqualTo("conv1/SlimQuant/output");
    assertThat(Tensors.lines(graph))
        .containsExactly(
            "Placeholder x <- []",
            "VariableV2 kernel <- []",
            "VariableV2 bias <- []",
            "Const SlimQuant/int8_frac-7/min <- []",
            "Const SlimQuant/int8_frac-7/max <- []",
            "FakeQuantWithMinMaxVars conv1/SlimQuant/images <- [x, SlimQuant/int8_frac-7/min,"
                + " SlimQuant/int8_frac-7/max]",
            "Conv2D Conv2d <- [conv1/SlimQuant/images, conv1/SlimQuant/kernel]",
            "BiasAdd BiasAdd <- [Conv2d, conv1/SlimQuant/bias]",
            "Relu Relu <- [BiasAdd]",
            "FakeQuantWithMinMaxVars conv1/SlimQuant/kernel <- [kernel,"
                + " SlimQuant/int8_frac-7/min, SlimQuant/int8_frac-7/max]",
            "Const SlimQuant/int32/min <- []",
            "Const SlimQuant/int32/max <- []",
            "Const SlimQuant/int32_frac-14/inverse <- []",
            "Mul conv1/SlimQuant/bias/steps <- [bias, SlimQuant/int32_frac-14/inverse]",
            "ClipByValue conv1/SlimQuant/bias/clip <- [conv1/SlimQuant/bias/steps,"
                + " SlimQuant/int32/min, SlimQuant/int32/max]",
            "Const SlimQuant/int32/half <- []",
            "Const SlimQuant/int32/minusTwo <- []",
            "FloorDiv conv1/SlimQuant/bias/halfSteps <- [conv1/SlimQuant/bias/clip,"
                + " SlimQuant/int32/half]",
            "FloorDiv conv1/SlimQuant/bias/minusCodes <- [conv1/SlimQuant/bias/halfSteps,"
                + " SlimQuant/int32/minusTwo]",
            "AddV2 conv1/SlimQuant/bias/rest <- [conv1/SlimQuant/bias/clip,"
                + " conv1/SlimQuant/bias/minusCodes]",
            "StopGradient conv1/SlimQuant/bias/stop <- [conv1/SlimQuant/bias/rest]",
            "Sub conv1/SlimQuant/bias/codes <- [conv1/SlimQuant/bias/clip,"
                + " conv1/SlimQuant/bias/stop]",
            "Const SlimQuant/int32_frac-14/step <- []",
            "Mul conv1/SlimQuant/bias <- [conv1/SlimQuant/bias/codes,"
                + " SlimQuant/int32_frac-14/step]",
            "Const SlimQuant/int8_frac-5/min <- []",
            "Const SlimQuant/int8_frac-5/max <- []",
            "FakeQuantWithMinMaxVars conv1/SlimQuant/output <- [Relu, SlimQuant/int8_frac-5/min,"
                + " SlimQuant/int8_frac-5/max]")
        .inOrder();
    assertThat(quantizer.plan().sites())
        .containsExactly(
            site("conv1/SlimQuant/images", Kind.INPUT, "x:0", KERNEL),
            site("conv1/SlimQuant/kernel", Kind.KERNEL, "kernel:0", KERNEL),
            new Site(
                "conv1/SlimQuant/bias",
                Kind.BIAS,
                "bias:0",
                new BiasFormat(List.of(-14)),
                new Source.Derived(),
                Optional.empty()),
            site("conv1/SlimQuant/output", Kind.OUTPUT, "Relu:0", OUTPUT))
        .inOrder();
    assertThat(quantizer.plan().toString())
        .isEqualTo(
            """
            site                    kind    tensor    format         range                    source
            conv1/SlimQuant/images  input   x:0       int8 * 2^-7    -0.9921875 .. 0.9921875  annotation
            conv1/SlimQuant/kernel  kernel  kernel:0  int8 * 2^-7    -0.9921875 .. 0.9921875  annotation
            conv1/SlimQuant/bias    bias    bias:0    int32 * 2^-14                           derived
            conv1/SlimQuant/output  output  Relu:0    int8 * 2^-5    -3.96875 .. 3.96875      annotation""");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void theSecondCallOfALayerSharesItsKernel() {
    Variable<TFloat32> kernel = kernel(4, 4);
    dense("dense", dense("dense", matrix(), kernel), kernel);

    assertThat(siteNames())
        .containsExactly(
            "dense/SlimQuant/kernel", "dense/SlimQuant/output", "dense_1/SlimQuant/output")
        .inOrder();
    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "MatMul MatMul <- [x, dense/SlimQuant/kernel]",
            "MatMul MatMul_1 <- [dense/SlimQuant/output, dense/SlimQuant/kernel]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aSecondLayerMayHaveTheNameThatASecondCallWouldGet() {
    Placeholder<TFloat32> x = matrix();
    for (String name : List.of("dense", "dense_1", "dense")) {
      layer(
          quantizer,
          QuantizedLayer.of(name, KERNEL, OUTPUT),
          () -> tf.nn.relu(tf.math.mul(x, tf.constant(2f))));
    }

    assertThat(siteNames())
        .containsExactly(
            "dense/SlimQuant/output", "dense_1/SlimQuant/output", "dense_2/SlimQuant/output")
        .inOrder();
  }

  @Test
  void twoLayersShareAKernel() {
    Variable<TFloat32> kernel = kernel(4, 4);
    Placeholder<TFloat32> x = matrix();
    dense("encode", x, kernel);
    dense("decode", x, kernel);

    assertThat(siteNames())
        .containsExactly(
            "encode/SlimQuant/kernel", "encode/SlimQuant/output", "decode/SlimQuant/output")
        .inOrder();
    assertThat(quantizer.plan().remarks())
        .containsExactly(new Remark("decode/SlimQuant/kernel", "is encode/SlimQuant/kernel"));
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aLayerOfLayersHasItsOwnOutputOnly() {
    Variable<TFloat32> kernel1 = kernel(4, 4);
    Variable<TFloat32> kernel2 = kernel(4, 4);
    Placeholder<TFloat32> x = matrix();
    layer(
        quantizer,
        QuantizedLayer.of("block", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> first = dense("dense1", x, kernel1);
          Operand<TFloat32> second = dense("dense2", first, kernel2);
          return tf.math.add(first, second);
        });

    assertThat(siteNames())
        .containsExactly(
            "dense1/SlimQuant/kernel",
            "dense1/SlimQuant/output",
            "dense2/SlimQuant/kernel",
            "dense2/SlimQuant/output",
            "block/SlimQuant/output")
        .inOrder();
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void opsThatReadTheOutputWithinTheLayerReadItQuantized() {
    Placeholder<TFloat32> x = matrix();
    layer(
        quantizer,
        QuantizedLayer.of("square", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> y = tf.math.square(quantizer.input(x));
          tf.withName("summary").identity(y);
          return y;
        });

    assertThat(Tensors.lines(graph)).contains("Identity summary <- [square/SlimQuant/output]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void anInputThatIsQuantizedAlreadyIsReused() {
    Placeholder<TFloat32> x = matrix();
    Operand<TFloat32> hidden =
        layer(
            quantizer,
            QuantizedLayer.of("first", KERNEL, OUTPUT),
            () -> tf.nn.relu(quantizer.input(new QuantizedInput("x", OUTPUT), x)));
    layer(
        quantizer,
        QuantizedLayer.of("second", KERNEL, OUTPUT),
        () -> tf.nn.relu(quantizer.input(new QuantizedInput("x", OUTPUT), hidden)));
    layer(
        quantizer,
        QuantizedLayer.of("third", KERNEL, OUTPUT),
        () -> tf.nn.relu(quantizer.input(new QuantizedInput("x", OUTPUT), x)));

    assertThat(siteNames())
        .containsExactly(
            "first/SlimQuant/x",
            "first/SlimQuant/output",
            "second/SlimQuant/output",
            "third/SlimQuant/output")
        .inOrder();
    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark("second/SlimQuant/x", "is first/SlimQuant/output"),
            new Remark("third/SlimQuant/x", "is first/SlimQuant/x"))
        .inOrder();
  }

  @Test
  void parametersNamedLikeTheKernelAndTheOutput() {
    Placeholder<TFloat32> x = matrix();
    Variable<TFloat32> kernel = kernel(4, 4);
    layer(
        quantizer,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () ->
            tf.math.add(
                tf.linalg.matMul(quantizer.input(new QuantizedInput("kernel", KERNEL), x), kernel),
                quantizer.input(new QuantizedInput("output", KERNEL), matrix())));

    assertThat(siteNames())
        .containsExactly(
            "dense/SlimQuant/kernel",
            "dense/SlimQuant/output",
            "dense/SlimQuant/kernel_1",
            "dense/SlimQuant/output_1")
        .inOrder();
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void twoQuantizersInOneGraph() {
    dense("dense", matrix(), kernel(4, 4));
    GraphQuantizer second = GraphQuantizer.fakeQuant(graph);
    layer(
        second,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(matrix(), kernel(4, 4)));

    assertThat(second.plan().sites().stream().map(Site::name))
        .containsExactly("dense/SlimQuant/kernel_1", "dense/SlimQuant/output_1");
    assertThat(quantizer.verify()).isEmpty();
    assertThat(second.verify()).isEmpty();
  }

  @Test
  void aLayerThatReturnsItsInput() {
    Placeholder<TFloat32> x = matrix();
    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("same", OUTPUT, OUTPUT),
            () -> quantizer.input(new QuantizedInput("x", OUTPUT), x));

    assertThat(y.op().name()).isEqualTo("same/SlimQuant/x");
    assertThat(siteNames()).containsExactly("same/SlimQuant/x");
  }

  @Test
  void operandsThatAreNotQuantizedPassUnchanged() {
    Placeholder<TFloat32> x = matrix();
    List<Operand<TFloat32>> list = List.of(x);
    Operand<?>[] array = {x, null};
    layer(
        quantizer,
        QuantizedLayer.of("layer", KERNEL, OUTPUT),
        () -> {
          assertThat(quantizer.<Placeholder<TFloat32>>input(x)).isSameInstanceAs(x);
          assertThat(quantizer.inputs(list)).isSameInstanceAs(list);
          assertThat(quantizer.inputs(array)).isSameInstanceAs(array);
          return tf.nn.relu(x);
        });

    assertThat(siteNames()).containsExactly("layer/SlimQuant/output");
  }

  @Test
  void thePlanIsASnapshot() {
    QuantizationPlan before = quantizer.plan();
    Placeholder<TFloat32> x = matrix();
    layer(quantizer, QuantizedLayer.of("layer", KERNEL, OUTPUT), () -> tf.nn.relu(x));

    assertThat(before.sites()).isEmpty();
    assertThat(quantizer.plan().sites()).hasSize(1);
  }
}
