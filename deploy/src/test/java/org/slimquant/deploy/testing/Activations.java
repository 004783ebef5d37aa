package org.slimquant.deploy.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.types.TFloat32;

/** Elementwise functions in the spellings that graphs have. */
public final class Activations {

  /** A function of a tensor. */
  public interface Activation {

    Operand<TFloat32> of(Ops tf, Operand<TFloat32> x);
  }

  private Activations() {}

  /** Returns the functions that become tables. */
  public static Map<String, Activation> tables() {
    Map<String, Activation> all = new LinkedHashMap<>();
    all.put("sigmoid", (tf, x) -> tf.math.sigmoid(x));
    all.put("tanh", (tf, x) -> tf.math.tanh(x));
    all.put("elu", (tf, x) -> tf.nn.elu(x));
    all.put("selu", (tf, x) -> tf.nn.selu(x));
    all.put("softplus", (tf, x) -> tf.math.softplus(x));
    all.put("softsign", (tf, x) -> tf.nn.softsign(x));
    all.put("exp", (tf, x) -> tf.math.exp(x));
    all.put("square", (tf, x) -> tf.math.square(x));
    all.put("power", (tf, x) -> tf.math.pow(x, tf.constant(2f)));
    all.put("square root", (tf, x) -> tf.math.sqrt(tf.nn.relu(x)));
    all.put("logarithm", (tf, x) -> tf.math.log(tf.math.maximum(x, tf.constant(0.125f))));
    all.put("one by root", (tf, x) -> tf.math.rsqrt(tf.math.maximum(x, tf.constant(0.25f))));
    all.put("swish", (tf, x) -> tf.math.mul(x, tf.math.sigmoid(x)));
    all.put("mish", (tf, x) -> tf.math.mul(x, tf.math.tanh(tf.math.softplus(x))));
    all.put("gelu of erf", Activations::geluOfErf);
    all.put("gelu of tanh", Activations::geluOfTanh);
    all.put(
        "hard swish, divided",
        (tf, x) -> tf.math.div(tf.math.mul(x, relu6OfThreeMore(tf, x)), tf.constant(6f)));
    all.put(
        "hard swish, multiplied",
        (tf, x) -> tf.math.mul(tf.math.mul(relu6OfThreeMore(tf, x), tf.constant(1 / 6f)), x));
    all.put("hard sigmoid", (tf, x) -> tf.math.mul(relu6OfThreeMore(tf, x), tf.constant(1 / 6f)));
    all.put(
        "hard sigmoid, clipped",
        (tf, x) ->
            tf.clipByValue(
                tf.math.add(tf.math.mul(x, tf.constant(0.2f)), tf.constant(0.5f)),
                tf.constant(0f),
                tf.constant(1f)));
    all.put("leaky relu", (tf, x) -> tf.nn.leakyRelu(x, LeakyRelu.alpha(0.1f)));
    all.put("leaky maximum", (tf, x) -> tf.math.maximum(x, tf.math.mul(x, tf.constant(0.3f))));
    all.put(
        "one slope of a PReLU",
        (tf, x) ->
            tf.math.sub(tf.nn.relu(x), tf.math.mul(tf.array(0.3f), tf.nn.relu(tf.math.neg(x)))));
    all.put(
        "a choice",
        (tf, x) ->
            tf.select(tf.math.greater(x, tf.constant(0f)), x, tf.math.mul(x, tf.constant(0.7f))));
    all.put("an offset", (tf, x) -> tf.math.add(x, tf.constant(0.3f)));
    return all;
  }

  /** Returns the functions that need no table, each with the integer op that it becomes. */
  public static Map<Activation, String> others() {
    Map<Activation, String> all = new LinkedHashMap<>();
    all.put((tf, x) -> tf.nn.leakyRelu(x, LeakyRelu.alpha(0.125f)), "LeakyRelu");
    all.put((tf, x) -> tf.math.maximum(tf.math.mul(x, tf.constant(0.25f)), x), "LeakyRelu");
    all.put((tf, x) -> tf.math.abs(x), "LeakyRelu");
    all.put((tf, x) -> tf.math.neg(x), "LeakyRelu");
    // A factor is a depthwise convolution of one pixel.
    all.put((tf, x) -> tf.math.mul(x, tf.constant(-0.5f)), "Reshape");
    all.put((tf, x) -> tf.nn.relu(tf.math.neg(x)), "LeakyRelu");
    all.put((tf, x) -> tf.math.neg(tf.nn.relu6(tf.math.neg(x))), "LeakyRelu");
    all.put((tf, x) -> tf.clipByValue(x, tf.constant(-1f), tf.constant(0.6f)), "Requantize");
    all.put((tf, x) -> tf.math.minimum(tf.constant(0.3f), tf.nn.relu(x)), "Requantize");
    return all;
  }

  private static Operand<TFloat32> relu6OfThreeMore(Ops tf, Operand<TFloat32> x) {
    return tf.nn.relu6(tf.math.add(x, tf.constant(3f)));
  }

  private static Operand<TFloat32> geluOfErf(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> erf = tf.math.erf(tf.math.div(x, tf.constant(1.4142135f)));
    return tf.math.mul(tf.math.mul(tf.constant(0.5f), x), tf.math.add(tf.constant(1f), erf));
  }

  private static Operand<TFloat32> geluOfTanh(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> cube = tf.math.mul(tf.constant(0.044715f), tf.math.pow(x, tf.constant(3f)));
    Operand<TFloat32> tanh =
        tf.math.tanh(tf.math.mul(tf.constant(0.7978846f), tf.math.add(x, cube)));
    Operand<TFloat32> share = tf.math.mul(tf.constant(0.5f), tf.math.add(tf.constant(1f), tanh));
    return tf.math.mul(x, share);
  }

  /** Returns the names of the functions that become tables. */
  public static List<String> names() {
    return List.copyOf(tables().keySet());
  }
}
