package org.slimquant.demo.models;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slimquant.demo.training.Floats;
import org.slimquant.examples.models.LeNet;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

final class LeNetTest {

  private static final String PLAN =
      """
      site                     kind    tensor           format         range                      source
      conv1/SlimQuant/images   input   images:0         uint8 * 2^-7   0.0 .. 1.9921875           MIN_MSE of 86,528
      conv1/SlimQuant/kernel   kernel  conv1_kernel:0   int8 * 2^-6    -1.984375 .. 1.984375      MIN_MSE of 144
      conv1/SlimQuant/bias     bias    conv1_bias:0     int32 * 2^-13                             derived
      conv1/SlimQuant/output   output  Relu:0           uint8 * 2^-6   0.0 .. 3.984375            MIN_MSE of 1,384,448
      conv2/SlimQuant/kernel   kernel  conv2_kernel:0   int8 * 2^-8    -0.49609375 .. 0.49609375  MIN_MSE of 4,608
      conv2/SlimQuant/bias     bias    conv2_bias:0     int32 * 2^-14                             derived
      conv2/SlimQuant/output   output  Relu_1:0         uint8 * 2^-5   0.0 .. 7.96875             MIN_MSE of 692,224
      dense1/SlimQuant/kernel  kernel  dense1_kernel:0  int8 * 2^-8    -0.49609375 .. 0.49609375  MIN_MSE of 8,192
      dense1/SlimQuant/bias    bias    dense1_bias:0    int32 * 2^-13                             derived
      dense1/SlimQuant/output  output  Relu_2:0         uint8 * 2^-4   0.0 .. 15.9375             MIN_MSE of 86,528
      dense2/SlimQuant/kernel  kernel  dense2_kernel:0  int8 * 2^-7    -0.9921875 .. 0.9921875    MIN_MSE of 640
      dense2/SlimQuant/bias    bias    dense2_bias:0    int32 * 2^-11                             derived
      dense2/SlimQuant/output  output  BiasAdd_3:0      int8 * 2^-2    -31.75 .. 31.75            MIN_MSE of 13,520""";

  @Test
  void planShowsEachQuantizedTensor() {
    assertThat(quantizedPlan(1)).isEqualTo(PLAN);
  }

  @Test
  void floatAndQuantizedModelStartFromTheSameVariables() {
    List<String> floats = variables(tf -> new LeNet(tf, 5));
    List<String> quantized =
        variables(
            tf ->
                new QuantizedLeNet(
                    tf, 5, GraphQuantizer.fakeQuant(graphOf(tf), ShippedPlans.leNet())));

    assertThat(floats.stream().map(variable -> variable.substring(0, variable.indexOf(' '))))
        .containsExactly(
            "conv1_kernel",
            "conv1_bias",
            "conv2_kernel",
            "conv2_bias",
            "dense1_kernel",
            "dense1_bias",
            "dense2_kernel",
            "dense2_bias")
        .inOrder();
    assertThat(quantized).isEqualTo(floats);
  }

  @Test
  void anotherSeedGivesOtherValues() {
    assertThat(variables(tf -> new LeNet(tf, 6))).isNotEqualTo(variables(tf -> new LeNet(tf, 5)));
  }

  @Test
  void twoThreadsBuildTwoGraphsAtTheSameTime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Callable<List<String>> work =
          () -> {
            List<String> plans = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              plans.add(quantizedPlan(i));
            }
            return plans;
          };
      for (Future<List<String>> plans : threads.invokeAll(List.of(work, work))) {
        assertThat(plans.get().stream().distinct()).containsExactly(PLAN);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String quantizedPlan(long seed) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, ShippedPlans.leNet());
      new QuantizedLeNet(tf, seed, quantizer).logits(images(tf));
      return quantizer.plan().toString();
    }
  }

  /** Returns the variables of a model, each with its name and its initial values. */
  private static List<String> variables(Function<Ops, LeNet> model) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      model.apply(tf).logits(images(tf));
      List<String> names = new ArrayList<>();
      graph
          .operations()
          .forEachRemaining(
              op -> {
                if (op.type().equals("VariableV2")) {
                  names.add(op.name());
                }
              });
      try (Session session = new Session(graph)) {
        session.initialize();
        return names.stream().map(name -> name + " " + values(session, name)).toList();
      }
    }
  }

  private static String values(Session session, String variable) {
    try (Result result = session.runner().fetch(variable).run()) {
      return Arrays.toString(Floats.copyOf((TFloat32) result.get(0)));
    }
  }

  private static Graph graphOf(Ops tf) {
    return (Graph) tf.scope().env();
  }

  private static Operand<TFloat32> images(Ops tf) {
    return tf.withName("images")
        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
  }
}
