plugins {
    application
}

application {
    mainClass = "org.slimquant.examples.first.FirstModel"
}

repositories {
    mavenLocal()
    mavenCentral()
}

dependencies {
    implementation("org.slimquant:slimquant-runtime:0.1.0-SNAPSHOT")
    implementation("org.slimquant:slimquant-deploy:0.1.0-SNAPSHOT")
    annotationProcessor("org.slimquant:slimquant-processor:0.1.0-SNAPSHOT")
    implementation("org.tensorflow:tensorflow-framework:1.0.0")
    runtimeOnly("org.tensorflow:tensorflow-core-native:1.1.0:linux-x86_64")
}
