#!/usr/bin/env bash
# TensorFlow 2.18 without oneDNN: a grouped Conv2D runs alone, and fails with a bias added to it.
#
# Expected: adding a BiasAdd after an op that runs gives a graph that runs.
# Seen: a Conv2D whose kernel has fewer input channels than the image (a grouped convolution)
#   computes the right sums. With a BiasAdd after it, TensorFlow's graph optimizer fuses the two ops
#   into one whose CPU kernel refuses groups, and Session.run fails. Fetching the convolution too
#   prevents the fusion. This is the default on x86 processors without AVX-512, where TensorFlow
#   does not use oneDNN, so the same saved model runs on one machine and fails on another.
# Versions: TensorFlow Java 1.1.0 (TensorFlow 2.18.0), linux-x86_64.
# Output seen:
#   Eigen: alone [3.0, 7.0]; with bias UNIMPLEMENTED; with bias, both fetched [13.0, 27.0]
#   oneDNN: alone [3.0, 7.0]; with bias [13.0, 27.0]; with bias, both fetched [13.0, 27.0]
#
# Exits with 0 if this is seen, with 1 if it has changed.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.tensorflow</groupId>
      <artifactId>tensorflow-core-api</artifactId>
      <version>1.1.0</version>
    </dependency>
    <dependency>
      <groupId>org.tensorflow</groupId>
      <artifactId>tensorflow-core-native</artifactId>
      <version>1.1.0</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat > Grouped.java <<'JAVA'
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

public class Grouped {
  public static void main(String[] args) {
    System.out.printf(
        "alone %s; with bias %s; with bias, both fetched %s%n",
        run(false, false), run(true, false), run(true, true));
  }

  /** Runs two groups of two channels each: 1 + 2 and 3 + 4, and biases of 10 and 20. */
  static String run(boolean bias, boolean fetchBoth) {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 fed = TFloat32.tensorOf(Shape.of(1, 1, 1, 4), DataBuffers.of(1f, 2f, 3f, 4f))) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> kernel =
          tf.reshape(tf.constant(new float[] {1, 1, 1, 1}), tf.constant(new int[] {1, 1, 2, 2}));
      Operand<TFloat32> conv = tf.nn.conv2d(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
      Operand<TFloat32> y =
          bias ? tf.nn.biasAdd(conv, tf.constant(new float[] {10, 20})) : conv;
      Session.Runner runner = session.runner().feed(x, fed).fetch(y);
      if (fetchBoth) {
        runner.fetch(conv);
      }
      try (var result = runner.run()) {
        TFloat32 sums = (TFloat32) result.get(0);
        return Arrays.toString(new float[] {sums.getFloat(0, 0, 0, 0), sums.getFloat(0, 0, 0, 1)});
      }
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage()).contains("does not support grouped convolutions")
          ? "UNIMPLEMENTED"
          : e.toString();
    }
  }
}
JAVA

export TF_CPP_MIN_LOG_LEVEL=3
eigen=$(TF_ENABLE_ONEDNN_OPTS=0 java -cp 'jars/*' Grouped.java 2>/dev/null)
onednn=$(TF_ENABLE_ONEDNN_OPTS=1 java -cp 'jars/*' Grouped.java 2>/dev/null)
echo "Eigen: $eigen"
echo "oneDNN: $onednn"

[ "$eigen" = "alone [3.0, 7.0]; with bias UNIMPLEMENTED; with bias, both fetched [13.0, 27.0]" ] \
  && [ "$onednn" = "alone [3.0, 7.0]; with bias [13.0, 27.0]; with bias, both fetched [13.0, 27.0]" ] \
  || { echo "changed"; exit 1; }
