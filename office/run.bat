@echo off
rem Drag a folder onto this file. ASCII only: cmd reads .bat files in the system's code page.
chcp 65001 >nul
setlocal DisableDelayedExpansion
set "HERE=%~dp0"
set "PYTHONUTF8=1"
set "PYTHONPATH="
set "PYTHONHOME="
if not exist "%HERE%venv\Scripts\python.exe" goto absent
"%HERE%venv\Scripts\python.exe" -m village_eval.cli.office "%~1"
set "STATUS=%ERRORLEVEL%"
pause
exit /b %STATUS%

:absent
type "%HERE%text\not_installed.txt"
pause
exit /b 2
