#!/usr/bin/env bash
# TensorFlow 2.18 with oneDNN on x86: wrong gradients of a Conv2D from one channel to one channel.
#
# Expected: the gradient of the input is a sum of products of weights and incoming gradients. With
#   small integers float32 adds them without rounding, so the result does not depend on the kernel.
# Seen: Conv2DBackpropInput with a kernel of shape [3, 3, 1, 1] returns wrong sums, with strides of 1
#   and of 2. They are right with TF_ENABLE_ONEDNN_OPTS=0, and with a kernel of shape [3, 3, 1, 2].
#   Which strides are wrong depends on the instructions that oneDNN uses.
# Versions: TensorFlow Java 1.1.0 (TensorFlow 2.18.0), linux-x86_64.
# Output seen on AMD Zen 5 (wrong sums, of 96 and of 60):
#   oneDNN: 1 to 1: stride 1 0, stride 2 8; 1 to 2: stride 1 0, stride 2 0
#   oneDNN with AVX2: 1 to 1: stride 1 94, stride 2 40; 1 to 2: stride 1 0, stride 2 0
#   Eigen: 1 to 1: stride 1 0, stride 2 0; 1 to 2: stride 1 0, stride 2 0
#
# Exits with 0 if oneDNN is wrong and Eigen is right, with 1 if that has changed. Exits with 0 and a
# message if it cannot be tried.
set -euo pipefail

if ! grep -q avx2 /proc/cpuinfo 2>/dev/null; then
  echo "not tried: it needs an x86 processor with AVX2"
  exit 0
fi

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

cat > Gradient.java <<'JAVA'
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

public class Gradient {
  public static void main(String[] args) {
    System.out.printf(
        "1 to 1: stride 1 %d, stride 2 %d; 1 to 2: stride 1 %d, stride 2 %d%n",
        wrong(6, 8, 1, 1, true), wrong(6, 5, 2, 1, false), wrong(6, 8, 1, 2, true),
        wrong(6, 5, 2, 2, false));
  }

  /** Returns how many elements of the gradient of two images of one channel are wrong. */
  static int wrong(int rows, int columns, int stride, int channels, boolean same) {
    int places = same ? rows : (rows - 3) / stride + 1;
    int across = same ? columns : (columns - 3) / stride + 1;
    float[] weights = new float[9 * channels];
    float[] incoming = new float[2 * places * across * channels];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i * 5 % 7 - 3;
    }
    for (int i = 0; i < incoming.length; i++) {
      incoming[i] = i * 11 % 13 - 6;
    }
    float[] expected = new float[2 * rows * columns];
    for (int image = 0; image < 2; image++) {
      for (int place = 0; place < places * across; place++) {
        for (int tap = 0; tap < 9; tap++) {
          int row = place / across * stride + tap / 3 - (same ? 1 : 0);
          int column = place % across * stride + tap % 3 - (same ? 1 : 0);
          if (row >= 0 && row < rows && column >= 0 && column < columns) {
            for (int channel = 0; channel < channels; channel++) {
              expected[(image * rows + row) * columns + column] +=
                  weights[tap * channels + channel]
                      * incoming[(image * places * across + place) * channels + channel];
            }
          }
        }
      }
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 kernel =
            TFloat32.tensorOf(Shape.of(3, 3, 1, channels), DataBuffers.of(weights));
        TFloat32 gradient =
            TFloat32.tensorOf(Shape.of(2, places, across, channels), DataBuffers.of(incoming))) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> w = tf.placeholder(TFloat32.class);
      Operand<TFloat32> dy = tf.placeholder(TFloat32.class);
      Operand<TFloat32> dx =
          tf.nn.conv2dBackpropInput(
              tf.array(2, rows, columns, 1), w, dy,
              List.of(1L, (long) stride, (long) stride, 1L), same ? "SAME" : "VALID");
      try (var result = session.runner().feed(w, kernel).feed(dy, gradient).fetch(dx).run()) {
        float[] found = new float[expected.length];
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(found);
        int count = 0;
        for (int i = 0; i < found.length; i++) {
          count += found[i] == expected[i] ? 0 : 1;
        }
        return count;
      }
    }
  }
}
JAVA

run() {
  env TF_CPP_MIN_LOG_LEVEL=3 "$@" java -cp 'jars/*' Gradient.java 2>/dev/null | grep '^1 to 1'
}
widest=$(run TF_ENABLE_ONEDNN_OPTS=1)
avx2=$(run TF_ENABLE_ONEDNN_OPTS=1 ONEDNN_MAX_CPU_ISA=AVX2)
eigen=$(run TF_ENABLE_ONEDNN_OPTS=0)
echo "oneDNN: $widest"
echo "oneDNN with AVX2: $avx2"
echo "Eigen: $eigen"
right='1 to 1: stride 1 0, stride 2 0; 1 to 2: stride 1 0, stride 2 0'
[[ $eigen == "$right" && ($widest != "$right" || $avx2 != "$right") ]]
[[ $widest == *'1 to 2: stride 1 0, stride 2 0' && $avx2 == *'1 to 2: stride 1 0, stride 2 0' ]]
