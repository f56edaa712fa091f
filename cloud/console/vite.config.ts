import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { mockCloud } from './mock/cloud.ts'

/** Where `npm run dev` finds a running cloud service. */
const cloud = process.env.CLOUD_URL ?? 'http://127.0.0.1:8080'

export default defineConfig(({ mode }) => ({
  plugins: [vue(), ...(mode === 'mock' ? [mockCloud()] : [])],
  server: mode === 'mock' ? {} : { proxy: { '/api': { target: cloud } } },
  build: {
    target: 'es2022',
    // A data: URI would need `img-src data:` in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], restoreMocks: true, server: { deps: { inline: ['element-plus'] } } },
}))
