import { createApp } from 'vue'
import App from './App.vue'
import './frame/tokens.css'
import './frame/base.css'
import './frame/controls.css'
import { applyTheme } from './frame/theme'
import { i18n } from './locales/i18n'
import { router } from './router'

applyTheme()
createApp(App).use(i18n).use(router).mount('#app')
