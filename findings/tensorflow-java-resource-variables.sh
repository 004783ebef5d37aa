#!/usr/bin/env bash
# TensorFlow Java 1.1.0: Session.save leaves resource variables out of the checkpoint.
#
# Expected: a checkpoint has every variable of the graph, or saving fails.
# Seen: Session.save writes the variables that tf.variable makes (VariableV2), and leaves out those
#   that tf.varHandleOp makes, with no message. Python's models and SavedModels have variables of the
#   second kind. Restoring then brings back one part of a model. So moving statistics that are to be
#   saved must be made by tf.variable; but GradientDescent and the other optimizers take every such
#   variable for one to train, and fail if the loss does not depend on it.
# Versions: TensorFlow Java 1.1.0 with tensorflow-framework 1.0.0, linux-x86_64.
# Output seen:
#   in the checkpoint: tf.variable true, tf.varHandleOp false
#   minimize with a variable that the loss does not depend on: TFInvalidArgumentException
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
      <artifactId>tensorflow-framework</artifactId>
      <version>1.0.0</version>
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

cat > Saves.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

public class Saves {
  public static void main(String[] args) throws Exception {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      tf.withName("made_by_variable").variable(tf.constant(1f));
      VarHandleOp handle =
          tf.withName("made_by_var_handle").varHandleOp(TFloat32.class, Shape.scalar());
      Op assign = tf.assignVariableOp(handle, tf.constant(2f));
      session.initialize();
      session.runner().addTarget(assign).run();
      session.save(Path.of("checkpoint").toString());
    }
    String index = Files.readString(Path.of("checkpoint.index"), StandardCharsets.ISO_8859_1);
    System.out.printf(
        "in the checkpoint: tf.variable %s, tf.varHandleOp %s%n",
        index.contains("variable"), index.contains("var_handle"));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> weight = tf.variable(tf.constant(1f));
      tf.variable(tf.constant(0f));
      String seen = "accepted";
      try {
        new GradientDescent(graph, 0.1f).minimize(tf.math.square(weight));
      } catch (RuntimeException e) {
        seen = e.getClass().getSimpleName();
      }
      System.out.printf("minimize with a variable that the loss does not depend on: %s%n", seen);
    }
  }
}
JAVA

seen=$(TF_CPP_MIN_LOG_LEVEL=3 java -cp 'jars/*' Saves.java 2>/dev/null | grep -E '^(in|minimize)')
echo "$seen"
[[ $seen == 'in the checkpoint: tf.variable true, tf.varHandleOp false
minimize with a variable that the loss does not depend on: TFInvalidArgumentException' ]]
