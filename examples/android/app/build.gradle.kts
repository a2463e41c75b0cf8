// One library only: WorkManager, which uploads when there is a network, across restarts.

plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
}

android {
    namespace = "example.rapport.phone"
    compileSdk = 35

    defaultConfig {
        applicationId = "example.rapport.phone"
        minSdk = 26
        targetSdk = 35
        versionCode = 1
        versionName = "1.0"
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    kotlinOptions {
        jvmTarget = "17"
    }
}

dependencies {
    implementation("androidx.work:work-runtime:2.10.0")

    testImplementation("junit:junit:4.13.2")
    // Android's own JSON, for tests that run without a phone.
    testImplementation("org.json:json:20240303")
}
